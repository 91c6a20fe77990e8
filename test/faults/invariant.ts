import { expect } from 'vitest';
import type { FaultArena } from './arena.js';

/**
 * Holds after every fault. With `mayRefuse` valid tokens may be 401: the issuer itself has
 * withdrawn the key, or a clock was wrong.
 */
export function expectInvariant({ answers, decoy, running }: FaultArena, mayRefuse = false): void {
  const forged = answers.filter(({ isGood }) => !isGood);
  expect(forged.filter(({ status }) => status !== 401 && status !== 503)).toEqual([]);
  const good = answers.filter(({ isGood }) => isGood);
  const allowed = mayRefuse ? [200, 401, 503] : [200, 503];
  expect(good.filter(({ status }) => !allowed.includes(status))).toEqual([]);
  for (const { status, challenge, retryAfter } of answers) {
    if (status === 401) expect(challenge).toMatch(/^Bearer realm="api", error="invalid_token"/);
    else expect(challenge).toBeUndefined();
    if (status === 503) expect(retryAfter).toBeGreaterThanOrEqual(1);
    if (status === 503) expect(retryAfter).toBeLessThanOrEqual(120);
  }
  // The handler was called for accepted requests only.
  expect(running.handled()).toBe(answers.filter(({ status }) => status === 200).length);
  expect(decoy.connections).toBe(0);
}
