import { describe, expect, it } from 'vitest';
import { decodeBase64url } from '../../src/jws/base64url.js';
import { seededRandom } from '../support/random.js';

describe('RFC 7515 section 2: octets have one base64url encoding, and nothing else is read', () => {
  it.each([
    ['', []],
    ['AA', [0]],
    ['AAA', [0, 0]],
    ['AAAA', [0, 0, 0]],
    ['_-8', [255, 239]],
    ['aGk', [104, 105]],
  ])('%j is read', (text, octets) => {
    expect([...(decodeBase64url(text) ?? [-1])]).toEqual(octets);
  });

  it.each([
    ['padding', 'AA=='],
    ['one sign of padding where two belong', 'AA='],
    ['padding behind a full group', 'AAAA='],
    ['padding alone', '='],
    ['the plus of standard base64', '+-8A'],
    ['the slash of standard base64', '/-8A'],
    ['a space inside', 'AA AA'],
    ['a space behind', 'AAAA '],
    ['a line break inside', 'AA\nAA'],
    ['a tab before', '\tAAAA'],
    ['a question mark', 'AA?A'],
    ['a NUL', 'AAA\0'],
    ['a letter outside ASCII', 'AAAé'],
    ['a letter whose low byte is in the alphabet', 'AAA\u0141'],
    ['a full-width letter', 'AAA\uff21'],
    ['a dot', 'AA.A'],
    ['length 1 modulo 4', 'A'],
    ['length 5', 'AAAAA'],
    ['four stray bits behind one octet', 'AB'],
    ['two stray bits behind two octets', 'AAB'],
    ['the stray bits of the last letter', 'A_'],
  ])('%s is refused', (_what, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it('what was encoded is read back, and one more bit in the last letter is refused', () => {
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
