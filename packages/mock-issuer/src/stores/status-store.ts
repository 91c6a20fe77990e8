/** Bits that one status takes (draft-ietf-oauth-status-list section 4.1). */
export type StatusBits = 1 | 2 | 4 | 8;

/** The status of each token that has one, by its index. */
export class StatusStore {
  readonly bits: StatusBits;
  #values: Uint8Array;
  #taken = 0;

  constructor(bits: StatusBits, size: number) {
    this.bits = bits;
    this.#values = new Uint8Array(size);
  }

  /** How many indexes the list has. */
  get size(): number {
    return this.#values.length;
  }

  /** The index of the next token, from 0 up; a list that is full becomes twice as long. */
  add(value: number): number {
    const index = this.#taken;
    this.#taken += 1;
    if (index >= this.#values.length) {
      const longer = new Uint8Array(this.#values.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[index] = value;
    return index;
  }

  get(index: number): number | undefined {
    return index < this.#taken ? this.#values[index] : undefined;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** All of them side by side, the first in the lowest bits of the first byte (section 4.1). */
  pack(): Uint8Array {
    const perByte = 8 / this.bits;
    const packed = new Uint8Array(Math.ceil(this.size / perByte));
    for (const [index, value] of this.#values.entries()) {
      const at = Math.floor(index / perByte);
      packed[at] = (packed[at] ?? 0) | (value << ((index % perByte) * this.bits));
    }
    return packed;
  }
}
