import { RetrySchedule } from '../async/retry-schedule.js';
import { withTimeout } from '../async/with-timeout.js';
import type { DocumentSigner } from '../discovery/signed-document.js';
import type { JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { type Clock, Moment } from '../model/clock.js';
import { failureName } from '../model/failure-name.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError } from '../model/ports.js';
import { Refusal } from '../model/refusal.js';
import { shortUrl } from '../model/short-url.js';
import { bare } from '../objects/bare.js';
import { readStatusListToken } from './read-status-list-token.js';
import { readStatusReference, type StatusList } from './status-list.js';

/** A cached status list. */
export interface CachedStatusList {
  readonly list: StatusList;
  readonly fetchedAt: Moment;
  /** How long the list may be used after it was fetched. */
  readonly seconds: number;
}

/** A cache for status lists, bounded by their number and total size. */
export interface StatusListCache {
  get(key: string): CachedStatusList | undefined;
  set(key: string, entry: CachedStatusList): void;
}

/** Settings of a status list source. */
export interface StatusListSettings {
  /** The issuer of the tokens. It must have signed the lists too. */
  readonly signer: DocumentSigner;
  /** Which URLs may be fetched. The URL of a list comes from a token. */
  readonly terms: FetchTerms;
  /** How long one request waits for a list. */
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

/** The status VALID (draft-ietf-oauth-status-list-21 section 7.1). */
const valid = 0;
const listRequest = Object.freeze(bare({ accept: 'application/statuslist+jwt' }));
/** Limit for the lists with a back-off. The oldest one is dropped first. */
const maxFailing = 1000;

const unreadable = new Refusal('claim_malformed', { expected: 'status.status_list: an index and a URI' });
const outOfRange = new Refusal('claim_malformed', { expected: 'status.status_list.idx: an index within the list' });
const revoked = new Refusal('token_revoked', { expected: 'the status VALID' });

/**
 * Checks tokens against the status lists of one issuer.
 *
 * A list is fetched when a token refers to it and the cache does not contain it. While the list
 * cannot be fetched, its tokens are refused with 503.
 */
export class StatusListSource {
  readonly #settings: StatusListSettings;
  readonly #fetcher: Fetcher;
  readonly #cache: StatusListCache;
  readonly #pendingFetches = new Map<string, Promise<StatusList | Refusal>>();
  /** Back-off of the lists whose last fetch failed, by URI. */
  readonly #failing = new Map<string, RetrySchedule>();

  constructor(settings: StatusListSettings, fetcher: Fetcher, cache: StatusListCache) {
    this.#settings = settings;
    this.#fetcher = fetcher;
    this.#cache = cache;
  }

  /**
   * Checks the `status` claim of a token, which refers to an entry of a list. Never rejects.
   *
   * @returns a refusal, or `undefined` if the status is VALID
   */
  async check(status: JsonValue): Promise<Refusal | undefined> {
    const reference = readStatusReference(status);
    if (reference === undefined) return unreadable;
    const list = this.#fromCache(reference.uri) ?? (await this.#fetch(reference.uri));
    if (list instanceof Refusal) return list;
    const value = list.at(reference.index);
    if (value === undefined) return outOfRange;
    return value === valid ? undefined : revoked;
  }

  #keyOf(uri: string): string {
    return JSON.stringify([this.#settings.signer.issuer, uri]);
  }

  #fromCache(uri: string): StatusList | undefined {
    const cached = this.#cache.get(this.#keyOf(uri));
    if (cached === undefined) return undefined;
    return cached.fetchedAt.age(this.#settings.clock) < cached.seconds * 1000 ? cached.list : undefined;
  }

  /**
   * Waits for a list until the timeout of one request. Requests for the same list share one fetch,
   * and no request cancels it.
   */
  #fetch(uri: string): Promise<StatusList | Refusal> {
    const retry = this.#failing.get(uri);
    const failure = retry?.lastFailure;
    if (retry?.due === false && failure !== undefined) return Promise.resolve(unavailable(failure, retry));
    const list = this.#pendingFetches.get(uri) ?? this.#startFetch(uri);
    return withTimeout(this.#settings.timeoutSeconds * 1000, list, () => unavailable(timedOut));
  }

  #startFetch(uri: string): Promise<StatusList | Refusal> {
    const list = this.#load(uri)
      .catch((cause: unknown) => this.#fail(uri, cause))
      .finally(() => this.#pendingFetches.delete(uri));
    this.#pendingFetches.set(uri, list);
    return list;
  }

  async #load(uri: string): Promise<StatusList> {
    const { clock, signer, terms } = this.#settings;
    const url = new URL(uri);
    const { octets } = await this.#fetcher.fetchDocument(url, terms, listRequest);
    const read = await readStatusListToken(octets, uri, signer, clock.now() / 1000);
    if (read instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(url)}: ${read.reason}`);
    this.#cache.set(this.#keyOf(uri), { ...read, fetchedAt: Moment.of(clock) });
    this.#failing.delete(uri);
    return read.list;
  }

  #fail(uri: string, cause: unknown): Refusal {
    const failure = cause instanceof NetworkError ? cause : new NetworkError('bad_document', failureName(cause));
    const retry = this.#failing.get(uri) ?? new RetrySchedule(this.#settings.clock);
    retry.fail(failure);
    this.#failing.delete(uri);
    this.#failing.set(uri, retry);
    const [oldest] = this.#failing.keys();
    if (this.#failing.size > maxFailing && oldest !== undefined) this.#failing.delete(oldest);
    return unavailable(failure, retry);
  }
}

const timedOut = new NetworkError('timeout', 'no answer in time');

function unavailable(cause: NetworkError, retry?: RetrySchedule): Refusal {
  return new Refusal('revocation_unavailable', {
    expected: `the status list (${cause.message})`,
    cause,
    retryAfterSeconds: retry?.secondsUntilNext(Number.NEGATIVE_INFINITY) ?? 1,
  });
}
