/** What a parser found wrong. A value, since throwing costs more than everything else a refusal does. */
export class Malformed {
  /** In words, without any part of the input. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
    Object.freeze(this);
  }
}
