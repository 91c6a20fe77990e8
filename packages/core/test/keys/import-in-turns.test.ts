import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/jws/json.js';
import { importKeySetInTurns } from '../../src/keys/key-set.js';
import { keyRules } from '../support/key-rules.js';
import { passed } from '../support/verdict.js';
import { makeJwk } from '../support-network/keys.js';

const jwk = makeJwk('Ed25519');

/** A list of `length` keys that notes in which turn of the event loop each of them was read. */
function watchedKeys(length: number, turn: () => number): { keys: readonly JsonValue[]; turns: readonly number[] } {
  const turns: number[] = [];
  const keys = new Proxy(
    Array.from({ length }, (_, at) => ({ ...jwk, kid: `k${at}` })),
    {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) turns.push(turn());
        return Reflect.get(target, name, receiver);
      },
    },
  );
  return { keys, turns };
}

/** How many keys were read in each turn that an import of `length` keys took. */
async function readPerTurn(length: number): Promise<readonly number[]> {
  let turn = 0;
  let over = false;
  const count = () => {
    turn += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const { keys, turns } = watchedKeys(length, () => turn);
  const set = passed(await importKeySetInTurns({ keys } as JsonObject, keyRules()));
  over = true;
  expect(set.size).toBe(length);
  return [...new Set(turns)].map((one) => turns.filter((other) => other === one).length);
}

describe('a large set holds up nobody: its keys are imported four at a time', () => {
  it.each([
    [0, []],
    [1, [1]],
    [3, [3]],
    [5, [4, 1]],
    [10, [4, 4, 2]],
  ])('%i keys', async (length, turns) => {
    expect(await readPerTurn(length)).toEqual(turns);
  });
});
