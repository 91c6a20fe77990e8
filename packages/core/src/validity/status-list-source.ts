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

/** A list, and how long it counts. */
export interface HeldStatusList {
  readonly list: StatusList;
  readonly fetchedAt: Moment;
  readonly seconds: number;
}

/** What is remembered of status lists: bounded by their number and size. */
export interface StatusListCache {
  get(key: string): HeldStatusList | undefined;
  set(key: string, held: HeldStatusList): void;
}

/** What a source is set to. */
export interface StatusListSettings {
  /** The issuer of the tokens, whose own signature its lists must have. */
  readonly signer: DocumentSigner;
  /** Where lists may come from: a token names the place. */
  readonly terms: FetchTerms;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

/** Status of a token that nothing is wrong with (draft-ietf-oauth-status-list-21 section 7.1). */
const valid = 0;
const listRequest = Object.freeze(bare({ accept: 'application/statuslist+jwt' }));
const maxFailing = 1000;

const unreadable = new Refusal('claim_malformed', { expected: 'status.status_list: an index and a URI' });
const beyond = new Refusal('claim_malformed', { expected: 'status.status_list.idx: in the list' });
const revoked = new Refusal('token_revoked', { expected: 'the status VALID' });

/** The status lists of one issuer. Each is fetched when a token names it and is none in hand; while one cannot be had, its tokens wait outside. */
export class StatusListSource {
  readonly #settings: StatusListSettings;
  readonly #fetcher: Fetcher;
  readonly #cache: StatusListCache;
  readonly #flights = new Map<string, Promise<StatusList | Refusal>>();
  /** When to ask again for lists that could not be had. */
  readonly #failing = new Map<string, RetrySchedule>();

  constructor(settings: StatusListSettings, fetcher: Fetcher, memory: StatusListCache) {
    this.#settings = settings;
    this.#fetcher = fetcher;
    this.#cache = memory;
  }

  /** Judges a token by its `status` claim, which refers to a list; `undefined` where nothing is wrong with it. Never rejects. */
  async judge(status: JsonValue): Promise<Refusal | undefined> {
    const reference = readStatusReference(status);
    if (reference === undefined) return unreadable;
    const list = this.#atHand(reference.uri) ?? (await this.#fetch(reference.uri));
    if (list instanceof Refusal) return list;
    const found = list.at(reference.index);
    if (found === undefined) return beyond;
    return found === valid ? undefined : revoked;
  }

  #keyOf(uri: string): string {
    return JSON.stringify([this.#settings.signer.issuer, uri]);
  }

  #atHand(uri: string): StatusList | undefined {
    const held = this.#cache.get(this.#keyOf(uri));
    if (held === undefined) return undefined;
    return held.fetchedAt.age(this.#settings.clock) < held.seconds * 1000 ? held.list : undefined;
  }

  /** One fetch for all that wait for the same list, tied to none of them. */
  #fetch(uri: string): Promise<StatusList | Refusal> {
    const retry = this.#failing.get(uri);
    const failure = retry?.lastFailure;
    if (retry?.due === false && failure !== undefined) return Promise.resolve(unavailable(failure, retry));
    const flight = this.#flights.get(uri) ?? this.#takeOff(uri);
    return withTimeout(this.#settings.timeoutSeconds * 1000, flight, () => unavailable(tooLate));
  }

  #takeOff(uri: string): Promise<StatusList | Refusal> {
    const flight = this.#load(uri)
      .catch((cause: unknown) => this.#fail(uri, cause))
      .finally(() => this.#flights.delete(uri));
    this.#flights.set(uri, flight);
    return flight;
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

const tooLate = new NetworkError('timeout', 'no answer in time');

function unavailable(cause: NetworkError, retry?: RetrySchedule): Refusal {
  return new Refusal('revocation_unavailable', {
    expected: `the status list (${cause.message})`,
    cause,
    retryAfterSeconds: retry?.secondsUntilNext(Number.NEGATIVE_INFINITY) ?? 1,
  });
}
