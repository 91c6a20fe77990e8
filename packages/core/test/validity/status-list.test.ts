import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { readStatusList, readStatusReference } from '../../src/validity/status-list.js';
import { jsonObject } from '../support/json-object.js';
import { statusListOf } from '../support/status-list.js';
import { passed } from '../support/verdict.js';

const read = (list: unknown) => readStatusList(jsonObject({ list } as Readonly<Record<string, unknown>>)['list']);

/** The first `count` statuses of a list. */
function statuses(list: unknown, count: number): readonly (number | undefined)[] {
  const found = passed(read(list));
  return Array.from({ length: count }, (_, at) => found.at(at));
}

function faultOf(list: unknown): string {
  const found = read(list);
  return found instanceof Malformed ? found.reason : 'none';
}

describe('published examples of a status list (draft-ietf-oauth-status-list-21 section 4)', () => {
  it('the published status list of one bit is decoded', () => {
    const list = { bits: 1, lst: 'eNrbuRgAAhcBXQ' };
    expect(statuses(list, 17)).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, undefined]);
  });

  it('the published status list of two bits is decoded', () => {
    const list = { bits: 2, lst: 'eNo76fITAAPfAgc' };
    expect(statuses(list, 13)).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3, undefined]);
  });
});

describe('bit order of a status list (draft-ietf-oauth-status-list-21 section 4.1)', () => {
  it.each([
    [1, [0b0000_0001, 0b1000_0000], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    [2, [0b1110_0100, 0b0000_0001], [0, 1, 2, 3, 1, 0, 0, 0]],
    [4, [0x21, 0xf3], [1, 2, 3, 15]],
    [8, [0x01, 0xff], [1, 255]],
  ])('the first status of an octet is in its lowest bits, with %i bits a status', (bits, octets, expected) => {
    expect(statuses(statusListOf(octets, bits), expected.length + 1)).toEqual([...expected, undefined]);
  });

  it.each([1, 2, 4, 8])('with %i bits a status, every status is read from where it was written', (bits) => {
    const values = Array.from({ length: 64 }, (_, at) => (at * 7 + 3) % 2 ** bits);
    const octets = new Uint8Array((64 * bits) / 8);
    values.forEach((value, at) => {
      const bit = at * bits;
      octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (value << (bit & 7));
    });
    expect(statuses(statusListOf(octets, bits), 64)).toEqual(values);
  });
});

describe('reading a status list', () => {
  it('a status list without entries has no status', () => {
    expect(statuses(statusListOf([]), 1)).toEqual([undefined]);
  });

  it('the size of a status list is its inflated size', () => {
    expect(passed(read(statusListOf(new Uint8Array(1000)))).size).toBe(1000);
  });

  it.each([undefined, null, 'eNrbuRgAAhcBXQ', 1, []])('a status list that is %j is refused', (list) => {
    expect(faultOf(list)).toBe('status_list: not an object');
  });

  it.each([0, 3, 16, -1, 1.5, '1', null, [1]])('a status list with bits %j is refused', (bits) => {
    expect(faultOf(statusListOf([1], bits))).toBe('bits: not 1, 2, 4 or 8');
    expect(faultOf({ lst: 'eNrbuRgAAhcBXQ' })).toBe('bits: not 1, 2, 4 or 8');
  });

  it.each([undefined, null, 1, 'eNrbuRgAAhcBXQ==', 'eNrbu+gAAhcBXQ', 'eNrb uRgAAhcBXQ'])(
    'a status list with lst %j is refused',
    (lst) => {
      expect(faultOf({ bits: 1, lst })).toBe('lst: not base64url');
      expect(faultOf({ bits: 1, lst: 'eNrbuRgAAhcBXQ' })).toBe('none');
    },
  );

  it.each([
    ['empty', Buffer.of()],
    ['GZIP data', gzipSync(Buffer.of(1))],
    ['truncated ZLIB data', deflateSync(Buffer.alloc(100, 7)).subarray(0, -5)],
    ['not compressed', Buffer.of(0xb9, 0xa3)],
  ])('a status list whose lst is %s is refused', (_, octets) => {
    expect(faultOf({ bits: 1, lst: octets.toString('base64url') })).toMatch(/^lst: not ZLIB/);
  });

  it('a status list may inflate to 2 MiB and not to one octet more', () => {
    const limit = 2 * 1024 * 1024;
    expect(passed(read(statusListOf(new Uint8Array(limit)))).size).toBe(limit);
    expect(faultOf(statusListOf(new Uint8Array(limit + 1)))).toMatch(/larger than 2097152 octets$/);
    expect(faultOf(statusListOf(new Uint8Array(100 * limit)))).toMatch(/larger than 2097152 octets$/);
  });
});

describe('status reference of a token (draft-ietf-oauth-status-list-21 section 6.2)', () => {
  const uri = 'https://issuer.test/lists/1';
  const reference = (value: unknown) =>
    readStatusReference(
      jsonObject({ status: { status_list: value } } as Readonly<Record<string, unknown>>)['status'] ?? null,
    );

  it('a status reference is an index and a URI, both taken unchanged', () => {
    expect(reference({ idx: 0, uri })).toEqual({ index: 0, uri });
    expect(reference({ idx: 7, uri: 'https://ISSUER.test/a/../b', more: 1 })).toEqual({
      index: 7,
      uri: 'https://ISSUER.test/a/../b',
    });
  });

  it.each([-1, 1.5, '1', null, undefined, 2 ** 53, [1]])('a status reference with idx %j is malformed', (idx) => {
    expect(reference({ idx, uri })).toBeUndefined();
  });

  it.each([undefined, null, 1, '', '/lists/1', 'lists/1', [uri]])(
    'a status reference with uri %j is malformed',
    (place) => {
      expect(reference({ idx: 1, uri: place })).toBeUndefined();
    },
  );

  it.each([undefined, null, 1, [], [{ idx: 1, uri }]])('a status_list member of %j is malformed', (value) => {
    expect(reference(value)).toBeUndefined();
  });

  it.each([null, 'revoked', 1, []])('a status claim of %j is malformed', (status) => {
    expect(readStatusReference(status)).toBeUndefined();
  });
});
