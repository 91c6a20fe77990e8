const words = 2 ** 15;
const bits = words * 32;
/** So many in one generation keep the chance to err at three in a hundred. */
const generation = 2 ** 14;

/**
 * Knows what came lately, by the end of its signature: what comes once is not worth remembering, and no flood of it may push
 * out what comes again and again. Where it errs, something is remembered at once, and nothing else happens.
 */
export class BloomFilter {
  #current = new Uint32Array(words);
  #previous = new Uint32Array(words);
  #count = 0;

  /** Whether a signature of this end, in base64url, came before. */
  hasSeen(end: string): boolean {
    const bit = bitOf(end);
    if (isSet(this.#current, bit) || isSet(this.#previous, bit)) return true;
    set(this.#current, bit);
    this.#count += 1;
    if (this.#count === generation) this.#age();
    return false;
  }

  /** Forgets what came long ago. */
  #age(): void {
    [this.#previous, this.#current] = [this.#current, this.#previous];
    this.#current.fill(0);
    this.#count = 0;
  }
}

/** A number out of the first of the last characters of a signature, which are as good as random. */
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
