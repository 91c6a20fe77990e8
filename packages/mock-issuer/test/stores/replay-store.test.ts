import { expect, test } from 'vitest';
import { ReplayStore } from '../../src/stores/replay-store.js';

test('a key is used once, until the moment it is over', () => {
  const store = new ReplayStore();
  expect(store.isFirstUse('a', 100, 50)).toBe(true);
  expect(store.isFirstUse('b', 100, 50)).toBe(true);
  expect(store.isFirstUse('a', 100, 100)).toBe(false);
  expect(store.isFirstUse('a', 200, 101)).toBe(true);
});
