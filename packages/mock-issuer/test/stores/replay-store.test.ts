import { expect, onTestFinished, test, vi } from 'vitest';
import { ReplayStore } from '../../src/stores/replay-store.js';

test('a key is used once, until the moment it is over', () => {
  const store = new ReplayStore();
  expect(store.isFirstUse('a', 100, 50)).toBe(true);
  expect(store.isFirstUse('b', 100, 50)).toBe(true);
  expect(store.isFirstUse('a', 100, 100)).toBe(false);
  expect(store.isFirstUse('a', 200, 101)).toBe(true);
});

test('what is over is looked for once a second, however much comes in it', () => {
  const store = new ReplayStore();
  const walk = vi.spyOn(Map.prototype, Symbol.iterator);
  onTestFinished(() => walk.mockRestore());
  for (let key = 0; key < 1000; key++) store.isFirstUse(String(key), 100, 50);
  expect(walk).toHaveBeenCalledTimes(1);
  expect(store.isFirstUse('7', 100, 51)).toBe(false);
  expect(store.isFirstUse('7', 200, 101)).toBe(true);
  expect(walk).toHaveBeenCalledTimes(3);
});
