import { isObject, type JsonObject, type Rule } from './judge.js';
import type { StatusStore } from './stores/status-store.js';

/** Statuses that have a name (draft-ietf-oauth-status-list section 7.1). */
export type StatusName = 'valid' | 'invalid' | 'suspended';

/** A status by its name or its number: 0 valid, 1 invalid, 2 suspended; from 3 to the most that the list's bits hold, what an application makes of it. */
export type TokenStatus = StatusName | number;

const named: ReadonlyMap<unknown, number> = new Map<StatusName, number>([
  ['valid', 0],
  ['invalid', 1],
  ['suspended', 2],
]);

/** The rule for what says a status, whether or not the list has room for it. */
export const statusRule: Rule = {
  expected: 'one of valid, invalid, suspended, or a whole number from 0 to 255',
  accepts: (value) => named.has(value) || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255),
};

/** The tokens of an issuer that can be looked up in its status list (draft-ietf-oauth-status-list). */
export interface StatusList {
  /** Where the list is, and the `sub` of it. */
  readonly uri: string;
  /** Bits of one status. */
  readonly bits: 1 | 2 | 4 | 8;
  /** How many statuses the list has; those of no token are 0. */
  readonly size: number;
  /**
   * Sets the status of a token that was asked for with `status`. The list says so the next time it is fetched, and introspection that an
   * invalid or suspended one is inactive.
   *
   * @throws RangeError for a token without one, and for a number that the bits do not hold; TypeError for what is no status.
   */
  set(token: string, status: TokenStatus): void;
  /** The status of a token, as a number. @throws RangeError for a token without one. */
  get(token: string): number;
}

/** Gives tokens their place in the list and finds it again. */
export class TokenStatuses implements StatusList {
  readonly uri: string;
  readonly #store: StatusStore;
  readonly #claimsOf: (token: string) => JsonObject | undefined;

  constructor(uri: string, store: StatusStore, claimsOf: (token: string) => JsonObject | undefined) {
    this.uri = uri;
    this.#store = store;
    this.#claimsOf = claimsOf;
  }

  get bits(): 1 | 2 | 4 | 8 {
    return this.#store.bits;
  }

  get size(): number {
    return this.#store.size;
  }

  set(token: string, status: TokenStatus): void {
    this.#store.set(this.#required('set', token), this.#numberOf(status));
  }

  get(token: string): number {
    return this.#store.get(this.#required('get', token)) ?? 0;
  }

  /** The claim of a new token (section 6.1), which has this status. @throws RangeError for a number that the bits do not hold. */
  claim(status: TokenStatus): JsonObject {
    return { status_list: { idx: this.#store.add(this.#numberOf(status)), uri: this.uri } };
  }

  /** Invalid from now on, if the token has a status at all. */
  invalidate(token: string): void {
    const index = this.#indexOf(token);
    if (index !== undefined) this.#store.set(index, 1);
  }

  /** Whether the list says that the token is invalid or suspended. */
  bars(token: string): boolean {
    const index = this.#indexOf(token);
    const value = index === undefined ? 0 : this.#store.get(index);
    return value === 1 || value === 2;
  }

  #required(method: string, token: string): number {
    const index = this.#indexOf(token);
    if (index === undefined) throw new RangeError(`statusList.${method}: the token has no status in this list`);
    return index;
  }

  #indexOf(token: string): number | undefined {
    const status = this.#claimsOf(token)?.['status'];
    const reference = isObject(status) ? status['status_list'] : undefined;
    if (!isObject(reference) || reference['uri'] !== this.uri) return undefined;
    const { idx } = reference;
    return typeof idx === 'number' && this.#store.get(idx) !== undefined ? idx : undefined;
  }

  #numberOf(status: TokenStatus): number {
    if (!statusRule.accepts(status)) throw new TypeError(`statusList: a status must be ${statusRule.expected}`);
    const value = typeof status === 'number' ? status : (named.get(status) ?? 0);
    if (value >= 2 ** this.bits) {
      throw new RangeError(
        `statusList: ${this.bits} bit(s) do not hold the status ${value}; see the option statusList`,
      );
    }
    return value;
  }
}
