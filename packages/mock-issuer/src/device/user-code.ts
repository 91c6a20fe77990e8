import type { Random } from '../random.js';

/** RFC 8628 section 6.1: no vowels, so that no words come out, and nothing that is taken for something else. */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
/** Bytes from here on would make the first letters likelier than the last. */
const EVEN_BYTES = 256 - (256 % ALPHABET.length);

/** A fresh user code, as it is compared: eight letters, 34 bits. */
export function randomUserCode(random: Random): string {
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of random.bytes('user-code', 32)) {
      if (byte < EVEN_BYTES && code.length < LENGTH) code += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return code;
}

/** As people are shown it. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** What somebody typed, as it is compared: upper case, and nothing that is in no code, dashes and spaces for two. */
export function typedUserCode(text: string): string {
  return text.replace(new RegExp(`[^${ALPHABET}]`, 'gi'), '').toUpperCase();
}
