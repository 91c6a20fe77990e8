import { type FaultArena, freshSeconds, staleMaxSeconds } from './arena.js';
import type { Fault } from './faults.js';

/** The observation for one cell of the fault table. */
export interface Played {
  /** The text in the table. */
  readonly seen: string;
  readonly statuses: Readonly<Record<string, number>>;
  /** Duration of the first request during the fault. */
  readonly milliseconds: number;
}

/** The limit for a request that waits for keys, whatever the server does: SECURITY.md, hang. */
export const limitMilliseconds = 3000;

/** Longer than every back-off, including the issuer's own Retry-After. */
export const backOff = 121;

/** The fault starts when the keys are cached, and ends when they are too old to use. */
export async function playCached(arena: FaultArena, fault: Fault): Promise<Played> {
  const warm = await sendUntilHealthy(arena, fault);
  arena.setFault(fault);
  arena.clock.advance(freshSeconds * 0.8);
  const started = performance.now();
  const due = (await arena.sendGood()).status;
  const milliseconds = performance.now() - started;
  arena.clock.advance(freshSeconds * 0.2);
  const past = (await arena.sendGood()).status;
  const { unknownKid, foreign } = await forged(arena);
  arena.clock.advance(staleMaxSeconds);
  const end = await arena.sendGood();
  await arena.clearFault();
  arena.clock.advance(backOff);
  const back = await sendUntilHealthy(arena, fault);
  const seen = `due ${due}, past ${past} (forged ${unknownKid} ${foreign}), +1 h ${end.status}${retry(end)}, back ${back}`;
  return { seen, statuses: { warm, due, past, unknownKid, foreign, end: end.status, back }, milliseconds };
}

/** The fault precedes the first request and ends later. */
export async function playCold(arena: FaultArena, fault: Fault): Promise<Played> {
  arena.setFault(fault);
  const started = performance.now();
  const first = await arena.sendGood();
  const milliseconds = performance.now() - started;
  const { unknownKid, foreign } = await forged(arena);
  await arena.clearFault();
  arena.clock.advance(backOff);
  const back = await sendUntilHealthy(arena, fault);
  const seen = `${first.status}${retry(first)} (forged ${unknownKid} ${foreign}), back ${back}`;
  return { seen, statuses: { first: first.status, unknownKid, foreign, back }, milliseconds };
}

/**
 * The status for a valid token while the server is healthy. For endless faults the timeout is so
 * short that a healthy server on a busy machine can miss it: then retry after a back-off.
 */
export async function sendUntilHealthy(arena: FaultArena, { isEndless }: Pick<Fault, 'isEndless'>): Promise<number> {
  for (let tries = isEndless ? 5 : 1; ; tries--) {
    const { status } = await arena.sendGood();
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
  const [unknownKid, foreign] = await arena.sendForged();
  return { unknownKid: unknownKid.status, foreign: foreign.status };
}
