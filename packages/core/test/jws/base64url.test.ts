import { describe, expect, it } from 'vitest';
import { decodeBase64url } from '../../src/jws/base64url.js';
import { seededRandom } from '../support/random.js';

describe('strict base64url decoding (RFC 7515 section 2)', () => {
  it.each([
    ['', []],
    ['AA', [0]],
    ['AAA', [0, 0]],
    ['AAAA', [0, 0, 0]],
    ['_-8', [255, 239]],
    ['aGk', [104, 105]],
  ])('the base64url text %j is decoded', (text, octets) => {
    expect([...(decodeBase64url(text) ?? [-1])]).toEqual(octets);
  });

  it.each([
    ['padding', 'AA=='],
    ['one padding character instead of two', 'AA='],
    ['padding after a full group', 'AAAA='],
    ['nothing but padding', '='],
    ['the plus of standard base64', '+-8A'],
    ['the slash of standard base64', '/-8A'],
    ['a space inside', 'AA AA'],
    ['a space at the end', 'AAAA '],
    ['a line break inside', 'AA\nAA'],
    ['a tab at the start', '\tAAAA'],
    ['a question mark', 'AA?A'],
    ['a NUL', 'AAA\0'],
    ['a letter outside ASCII', 'AAAé'],
    ['a letter whose low byte is in the alphabet', 'AAA\u0141'],
    ['a full-width letter', 'AAA\uff21'],
    ['a dot', 'AA.A'],
    ['a length of 1 modulo 4', 'A'],
    ['a length of 5', 'AAAAA'],
    ['four stray bits after one octet', 'AB'],
    ['two stray bits after two octets', 'AAB'],
    ['stray bits in the last character', 'A_'],
  ])('a base64url text with %s is refused', (_what, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it('encoded octets decode to themselves, and one more bit in the last character is refused', () => {
    const random = seededRandom(1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let length = 0; length < 60; length++) {
      const octets = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
      const text = octets.toString('base64url');
      expect(decodeBase64url(text)).toEqual(octets);
      if (length % 3 === 0) continue;
      const next = alphabet[alphabet.indexOf(text.slice(-1)) + 1];
      expect(decodeBase64url(text.slice(0, -1) + next)).toBeUndefined();
    }
  });
});
