import type { FaultArena } from './arena.js';
import type { Fault } from './faults.js';
import { backOff, type Played, retry, sendUntilHealthy } from './plays.js';

/** A token that the issuer did not issue. */
export const madeUp = 'made-up';

/** For how long answers are cached, in seconds. */
export const cacheSeconds = { positiveSeconds: 60, negativeSeconds: 5 };

/** The endpoint has called a token active before the fault; the fault ends after that answer. */
export async function playWithCache(arena: FaultArena, fault: Fault): Promise<Played> {
  const warm = await sendUntilHealthy(arena, fault);
  arena.setFault(fault);
  const known = (await arena.sendGood()).status;
  const started = performance.now();
  const unknown = await arena.send('another-good-one', true);
  const milliseconds = performance.now() - started;
  const forged = (await arena.send(madeUp, false)).status;
  arena.clock.advance(cacheSeconds.positiveSeconds);
  const end = await arena.sendGood();
  const back = await recover(arena, fault);
  const seen = `known ${known}, unknown ${unknown.status}${retry(unknown)} (made up ${forged}), +60 s ${end.status}${retry(end)}, back ${back}`;
  return { seen, statuses: { warm, known, unknown: unknown.status, forged, end: end.status, back }, milliseconds };
}

/** The fault precedes the first request and ends later. */
export async function playWithoutCache(arena: FaultArena, fault: Fault): Promise<Played> {
  arena.setFault(fault);
  const started = performance.now();
  const first = await arena.sendGood();
  const milliseconds = performance.now() - started;
  const callsBefore = arena.keys.heads.length;
  const forged = (await arena.send(madeUp, false)).status;
  // The request and its call time out together: a request between the two may make one more call,
  // and one probe is sent.
  const allowed = fault.isEndless ? 2 : 0;
  const inBackOff = await Promise.all(Array.from({ length: 20 }, (_, at) => arena.send(`good-too-${at}`, true)));
  // During the back-off no further call is made: requests are refused without one.
  const calls = Math.max(0, arena.keys.heads.length - callsBefore - allowed);
  const meanwhile = Math.max(...inBackOff.map(({ status }) => status));
  const back = await recover(arena, fault);
  const seen = `${first.status}${retry(first)} (made up ${forged}), 20 more ${meanwhile} by ${calls} calls, back ${back}`;
  return { seen, statuses: { first: first.status, forged, meanwhile, calls, back }, milliseconds };
}

export function expectedWithCache({ effect }: Fault): Played['statuses'] {
  if (effect === 'none') return { warm: 200, known: 200, unknown: 200, forged: 401, end: 200, back: 200 };
  return { warm: 200, known: 200, unknown: 503, forged: 503, end: 503, back: 200 };
}

export function expectedWithoutCache({ effect }: Fault): Played['statuses'] {
  if (effect === 'none') return { first: 200, forged: 401, meanwhile: 200, calls: 21, back: 200 };
  return { first: 503, forged: 503, meanwhile: 503, calls: 0, back: 200 };
}

async function recover(arena: FaultArena, fault: Fault): Promise<number> {
  await arena.clearFault();
  arena.clock.advance(backOff);
  return sendUntilHealthy(arena, fault);
}
