import { type FaultArena, freshSeconds, staleMaxSeconds } from './arena.js';
import type { Fault } from './faults.js';

/** What was answered in one cell of the fault table. */
export interface Played {
  /** As the table shows it. */
  readonly seen: string;
  readonly statuses: Readonly<Record<string, number>>;
  /** How long the first request took that met the fault. */
  readonly milliseconds: number;
}

/** By when whoever waits for keys has an answer, whatever their server does: SECURITY.md, hang. */
export const patienceMilliseconds = 3000;

/** Longer than any back-off, an issuer's own Retry-After included. */
export const backOff = 121;

/** A key server falls ill when its keys are in hand, and is well again when they are past all use. */
export async function playCached(arena: FaultArena, fault: Fault): Promise<Played> {
  const warm = await askHealthy(arena, fault);
  arena.suffer(fault);
  arena.clock.advance(freshSeconds * 0.8);
  const started = performance.now();
  const due = (await arena.askGood()).status;
  const milliseconds = performance.now() - started;
  arena.clock.advance(freshSeconds * 0.2);
  const past = (await arena.askGood()).status;
  const { unknownKid, foreign } = await forged(arena);
  arena.clock.advance(staleMaxSeconds);
  const end = await arena.askGood();
  await arena.heal();
  arena.clock.advance(backOff);
  const back = await askHealthy(arena, fault);
  const seen = `due ${due}, past ${past} (forged ${unknownKid} ${foreign}), +1 h ${end.status}${retry(end)}, back ${back}`;
  return { seen, statuses: { warm, due, past, unknownKid, foreign, end: end.status, back }, milliseconds };
}

/** A key server is ill when the first request comes, and well again later. */
export async function playCold(arena: FaultArena, fault: Fault): Promise<Played> {
  arena.suffer(fault);
  const started = performance.now();
  const first = await arena.askGood();
  const milliseconds = performance.now() - started;
  const { unknownKid, foreign } = await forged(arena);
  await arena.heal();
  arena.clock.advance(backOff);
  const back = await askHealthy(arena, fault);
  const seen = `${first.status}${retry(first)} (forged ${unknownKid} ${foreign}), back ${back}`;
  return { seen, statuses: { first: first.status, unknownKid, foreign, back }, milliseconds };
}

/**
 * What a good token comes to while all is well. Where a fault is endless our timeout is so short that a healthy server
 * can be late, too, on a busy machine: then once more, after a back-off.
 */
export async function askHealthy(arena: FaultArena, { isEndless }: Pick<Fault, 'isEndless'>): Promise<number> {
  for (let tries = isEndless ? 5 : 1; ; tries--) {
    const { status } = await arena.askGood();
    if (status === 200 || tries === 1) return status;
    arena.clock.advance(backOff);
  }
}

export function retry({ retryAfter }: { readonly retryAfter: number | undefined }): string {
  return retryAfter === undefined ? '' : ` Retry-After ${retryAfter}`;
}

export function expectedCached({ effect }: Fault): Played['statuses'] {
  if (effect === 'outage')
    return { warm: 200, due: 200, past: 200, unknownKid: 503, foreign: 401, end: 503, back: 200 };
  if (effect === 'none') return { warm: 200, due: 200, past: 200, unknownKid: 401, foreign: 401, end: 200, back: 200 };
  return { warm: 200, due: 200, past: 401, unknownKid: 401, foreign: 401, end: 401, back: 200 };
}

export function expectedCold({ effect }: Fault): Played['statuses'] {
  if (effect === 'outage') return { first: 503, unknownKid: 503, foreign: 503, back: 200 };
  if (effect === 'none') return { first: 200, unknownKid: 401, foreign: 401, back: 200 };
  return { first: 401, unknownKid: 401, foreign: 401, back: 200 };
}

async function forged(arena: FaultArena): Promise<{ unknownKid: number; foreign: number }> {
  const [unknownKid, foreign] = await arena.askForged();
  return { unknownKid: unknownKid.status, foreign: foreign.status };
}
