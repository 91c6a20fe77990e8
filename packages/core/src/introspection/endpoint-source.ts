import { RetrySchedule } from '../async/retry-schedule.js';
import { discoverEndpoint, type EndpointQuery } from '../discovery/discover-endpoint.js';
import { type Clock, Moment } from '../model/clock.js';
import type { Fetcher, NetworkError } from '../model/ports.js';

/** Where the introspection endpoint is: given, or found in the metadata, which is looked at again from time to time. */
export class EndpointSource {
  readonly #query: EndpointQuery;
  readonly #fetcher: Fetcher;
  readonly #clock: Clock;
  readonly #maxAgeMilliseconds: number;
  /** When to look again for what could not be looked at: not with every request. */
  readonly #retry: RetrySchedule;
  #found: { readonly url: URL; readonly at: Moment | undefined } | undefined;
  #flight: Promise<URL> | undefined;

  constructor(query: EndpointQuery, maxAgeSeconds: number, fetcher: Fetcher, clock: Clock, given?: URL) {
    this.#query = query;
    this.#fetcher = fetcher;
    this.#clock = clock;
    this.#maxAgeMilliseconds = maxAgeSeconds * 1000;
    this.#retry = new RetrySchedule(clock);
    if (given !== undefined) this.#found = { url: given, at: undefined };
  }

  /** Waits only where it was never found. Rejects with a NetworkError. */
  async find(): Promise<URL> {
    const found = this.#found;
    if (found === undefined) return this.#discover();
    const isOld = found.at !== undefined && !(found.at.age(this.#clock) <= this.#maxAgeMilliseconds);
    if (isOld && this.#retry.due) void this.#discover().catch(() => {});
    return found.url;
  }

  #discover(): Promise<URL> {
    this.#flight ??= this.#search().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #search(): Promise<URL> {
    const url = await discoverEndpoint(this.#query, this.#fetcher).catch((failure: NetworkError) => {
      this.#retry.fail(failure);
      throw failure;
    });
    this.#retry.succeed();
    this.#found = { url, at: Moment.of(this.#clock) };
    return url;
  }
}
