const words = 2 ** 15;
const bits = words * 32;
/** Entries per generation. With this number the rate of false positives stays at three percent. */
const generation = 2 ** 14;

/**
 * Admission filter of the token cache. It contains the tokens that were seen recently, by the last
 * characters of their signatures.
 *
 * A token is cached only when it is seen twice, so that any number of one-time tokens evicts
 * nothing.
 * A false positive has one effect: its token is cached the first time it is seen.
 */
export class BloomFilter {
  #current = new Uint32Array(words);
  #previous = new Uint32Array(words);
  #count = 0;

  /** Whether a signature with these last characters, in base64url, was seen before. Adds it. */
  hasSeen(end: string): boolean {
    const bit = bitOf(end);
    if (isSet(this.#current, bit) || isSet(this.#previous, bit)) return true;
    set(this.#current, bit);
    this.#count += 1;
    if (this.#count === generation) this.#startGeneration();
    return false;
  }

  /** Starts a new generation and drops the oldest one. */
  #startGeneration(): void {
    [this.#previous, this.#current] = [this.#current, this.#previous];
    this.#current.fill(0);
    this.#count = 0;
  }
}

/** Maps the first six of these characters to a bit. The end of a signature is as good as random. */
function bitOf(end: string): number {
  let bit = 0;
  for (let at = 0; at < 6; at++) bit = bit * 67 + end.charCodeAt(at);
  return bit % bits;
}

function isSet(field: Uint32Array, bit: number): boolean {
  return ((field[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

function set(field: Uint32Array, bit: number): void {
  field[bit >>> 5] = (field[bit >>> 5] ?? 0) | (1 << (bit & 31));
}
