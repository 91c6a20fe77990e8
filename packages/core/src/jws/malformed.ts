/** A parse error. It is returned, because throwing costs more than the rest of a refusal. */
export class Malformed {
  /** The fault in words, without any part of the input. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
    Object.freeze(this);
  }
}
