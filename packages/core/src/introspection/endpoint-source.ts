import { RetrySchedule } from '../async/retry-schedule.js';
import { discoverEndpoint, type EndpointQuery } from '../discovery/discover-endpoint.js';
import { type Clock, Moment } from '../model/clock.js';
import type { Fetcher, NetworkError } from '../model/ports.js';

/**
 * The URL of the introspection endpoint: configured, or discovered in the issuer's metadata. A
 * discovered URL is refreshed in the background after its maximum age.
 */
export class EndpointSource {
  readonly #query: EndpointQuery;
  readonly #fetcher: Fetcher;
  readonly #clock: Clock;
  readonly #maxAgeMilliseconds: number;
  /** Back-off after a failed refresh, so that not every request starts another one. */
  readonly #retry: RetrySchedule;
  #found: { readonly url: URL; readonly at: Moment | undefined } | undefined;
  #pendingDiscovery: Promise<URL> | undefined;

  constructor(query: EndpointQuery, maxAgeSeconds: number, fetcher: Fetcher, clock: Clock, given?: URL) {
    this.#query = query;
    this.#fetcher = fetcher;
    this.#clock = clock;
    this.#maxAgeMilliseconds = maxAgeSeconds * 1000;
    this.#retry = new RetrySchedule(clock);
    if (given !== undefined) this.#found = { url: given, at: undefined };
  }

  /**
   * Waits for the metadata only if no URL has been discovered yet.
   *
   * @throws {NetworkError} when the first discovery fails
   */
  async find(): Promise<URL> {
    const found = this.#found;
    if (found === undefined) return this.#discover();
    const isOld = found.at !== undefined && !(found.at.age(this.#clock) <= this.#maxAgeMilliseconds);
    if (isOld && this.#retry.due) void this.#discover().catch(() => {});
    return found.url;
  }

  #discover(): Promise<URL> {
    this.#pendingDiscovery ??= this.#discoverNow().finally(() => {
      this.#pendingDiscovery = undefined;
    });
    return this.#pendingDiscovery;
  }

  async #discoverNow(): Promise<URL> {
    const url = await discoverEndpoint(this.#query, this.#fetcher).catch((failure: NetworkError) => {
      this.#retry.fail(failure);
      throw failure;
    });
    this.#retry.succeed();
    this.#found = { url, at: Moment.of(this.#clock) };
    return url;
  }
}
