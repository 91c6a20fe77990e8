import type { Persistent } from '../state/persistent.js';
import { anyText, Misfit, oneOf, shape, whole } from '../state/read.js';

/** Bits that one status takes (draft-ietf-oauth-status-list section 4.1). */
export type StatusBits = 1 | 2 | 4 | 8;

/** Longer than a list becomes by itself; what a file says is not to take all memory. */
const MAX_SIZE = 2 ** 27;

const readContent = shape<{ bits: StatusBits; size: number; values: Buffer }>({
  bits: oneOf(1, 2, 4, 8),
  size: whole,
  values: (value, at) => Buffer.from(anyText(value, at), 'base64'),
});

/** The status of each token that has one, by its index. */
export class StatusStore implements Persistent {
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

  snapshot(): unknown {
    const values = Buffer.from(this.#values.subarray(0, this.#taken)).toString('base64');
    return { bits: this.bits, size: this.size, values };
  }

  /** A list that was longer stays so: who fetched it may hold an index near its end. */
  restore(data: unknown): void {
    const { bits, size, values } = readContent(data, '');
    if (bits !== this.bits) throw new Misfit('.bits', `${this.bits}, as the option statusList has it`);
    if (values.length > size || size > MAX_SIZE) throw new Misfit('.size', `from ${values.length} to ${MAX_SIZE}`);
    if (values.some((value) => value >= 2 ** bits)) throw new Misfit('.values', `statuses of ${bits} bit(s)`);
    if (size > this.size) this.#values = new Uint8Array(size);
    this.#values.set(values);
    this.#taken = values.length;
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
