import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/jws/json.js';
import { importKeySetStepwise } from '../../src/keys/key-set.js';
import { keyRules } from '../support/key-rules.js';
import { passed } from '../support/verdict.js';
import { makeJwk } from '../support-network/keys.js';

const jwk = makeJwk('Ed25519');

/** A list of `length` keys that records the event loop iteration in which each key was read. */
function watchedKeys(
  length: number,
  iteration: () => number,
): { keys: readonly JsonValue[]; iterations: readonly number[] } {
  const iterations: number[] = [];
  const keys = new Proxy(
    Array.from({ length }, (_, at) => ({ ...jwk, kid: `k${at}` })),
    {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) iterations.push(iteration());
        return Reflect.get(target, name, receiver);
      },
    },
  );
  return { keys, iterations };
}

/** How many keys an import of `length` keys reads in each iteration of the event loop. */
async function keysPerIteration(length: number): Promise<readonly number[]> {
  let iteration = 0;
  let isDone = false;
  const count = () => {
    iteration += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const { keys, iterations } = watchedKeys(length, () => iteration);
  const set = passed(await importKeySetStepwise({ keys } as JsonObject, keyRules()));
  isDone = true;
  expect(set.size).toBe(length);
  return [...new Set(iterations)].map((one) => iterations.filter((other) => other === one).length);
}

describe('import of a large key set in batches', () => {
  it.each([
    [0, []],
    [1, [1]],
    [3, [3]],
    [5, [4, 1]],
    [10, [4, 4, 2]],
  ])('an import of %i keys yields to the event loop after every four keys', async (length, iterations) => {
    expect(await keysPerIteration(length)).toEqual(iterations);
  });
});
