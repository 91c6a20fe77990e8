import type { FaultArena } from './arena.js';
import type { Fault } from './faults.js';
import { askHealthy, backOff, type Played, retry } from './plays.js';

/** A token that nobody issued. */
export const madeUp = 'made-up';

/** For how long answers are remembered, in seconds. */
export const remembered = { positiveSeconds: 60, negativeSeconds: 5 };

/** An endpoint falls ill when it has called a token active, and is well again when that is over. */
export async function playRemembered(arena: FaultArena, fault: Fault): Promise<Played> {
  const warm = await askHealthy(arena, fault);
  arena.suffer(fault);
  const known = (await arena.askGood()).status;
  const started = performance.now();
  const unknown = await arena.ask('another-good-one', true);
  const milliseconds = performance.now() - started;
  const forged = (await arena.ask(madeUp, false)).status;
  arena.clock.advance(remembered.positiveSeconds);
  const end = await arena.askGood();
  const back = await recover(arena, fault);
  const seen = `known ${known}, unknown ${unknown.status}${retry(unknown)} (made up ${forged}), +60 s ${end.status}${retry(end)}, back ${back}`;
  return { seen, statuses: { warm, known, unknown: unknown.status, forged, end: end.status, back }, milliseconds };
}

/** An endpoint is ill when the first request comes, and well again later. */
export async function playForgetful(arena: FaultArena, fault: Fault): Promise<Played> {
  arena.suffer(fault);
  const started = performance.now();
  const first = await arena.askGood();
  const milliseconds = performance.now() - started;
  const asked = arena.keys.heads.length;
  const forged = (await arena.ask(madeUp, false)).status;
  // The request gave up at the moment at which its call did: whoever comes between the two may make one more, and one looks how the
  // endpoint is.
  const allowed = fault.isEndless ? 2 : 0;
  const inBackOff = await Promise.all(Array.from({ length: 20 }, (_, at) => arena.ask(`good-too-${at}`, true)));
  // While it fails nobody asks again: what is refused meanwhile is refused without it.
  const calls = Math.max(0, arena.keys.heads.length - asked - allowed);
  const meanwhile = Math.max(...inBackOff.map(({ status }) => status));
  const back = await recover(arena, fault);
  const seen = `${first.status}${retry(first)} (made up ${forged}), 20 more ${meanwhile} by ${calls} calls, back ${back}`;
  return { seen, statuses: { first: first.status, forged, meanwhile, calls, back }, milliseconds };
}

export function expectedRemembered({ effect }: Fault): Played['statuses'] {
  if (effect === 'none') return { warm: 200, known: 200, unknown: 200, forged: 401, end: 200, back: 200 };
  return { warm: 200, known: 200, unknown: 503, forged: 503, end: 503, back: 200 };
}

export function expectedForgetful({ effect }: Fault): Played['statuses'] {
  if (effect === 'none') return { first: 200, forged: 401, meanwhile: 200, calls: 21, back: 200 };
  return { first: 503, forged: 503, meanwhile: 503, calls: 0, back: 200 };
}

async function recover(arena: FaultArena, fault: Fault): Promise<number> {
  await arena.heal();
  arena.clock.advance(backOff);
  return askHealthy(arena, fault);
}
