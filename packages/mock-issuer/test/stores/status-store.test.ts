import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type StatusBits, StatusStore } from '../../src/stores/status-store.js';

function storeOf(bits: StatusBits, values: readonly number[]): StatusStore {
  const store = new StatusStore(bits, values.length);
  for (const value of values) store.add(value);
  return store;
}

// The lists that draft-ietf-oauth-status-list shows in section 4.1, with the text they have as lst.
test.each<[StatusBits, number[], string, string]>([
  [1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], 'b9a3', 'eNrbuRgAAhcBXQ'],
  [2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3], 'c944f9', 'eNo76fITAAPfAgc'],
])('statuses of %i bit(s) are packed as the draft shows', (bits, values, bytes, lst) => {
  const packed = storeOf(bits, values).pack();
  expect(Buffer.from(packed).toString('hex')).toBe(bytes);
  expect(deflateSync(packed, { level: 9 }).toString('base64url')).toBe(lst);
});

test('statuses of 4 and 8 bits take the low half of a byte first, or all of it', () => {
  expect([...storeOf(4, [1, 15, 2]).pack()]).toEqual([0xf1, 0x02]);
  expect([...storeOf(8, [1, 255]).pack()]).toEqual([1, 255]);
});

test('a full list becomes twice as long and keeps what it had', () => {
  const store = storeOf(2, [3, 2]);
  expect(store.size).toBe(2);
  expect(store.add(1)).toBe(2);
  expect(store.size).toBe(4);
  expect([0, 1, 2, 3].map((index) => store.get(index))).toEqual([3, 2, 1, undefined]);
});
