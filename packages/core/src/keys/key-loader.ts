import type { KeyAlgorithm } from '../jws/algorithms.js';
import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type NetworkDoor, NetworkError } from '../model/ports.js';
import { metadataUrls, readJwksUri } from './discovery.js';
import { importKeySet, type KeySet } from './key-set.js';

/** Where the keys of one issuer are, and how they are read. */
export interface KeyLocation {
  readonly issuer: string;
  /** The JWK set; `undefined` to discover it. */
  readonly jwksUri: URL | undefined;
  /** What RSA keys without `alg` are for. */
  readonly rsaAlgorithm: KeyAlgorithm;
  readonly terms: FetchTerms;
}

/** Fetches the documents that lead to an issuer's keys. Remembers nothing but where they were. */
export class KeyLoader {
  readonly #location: KeyLocation;
  readonly #door: NetworkDoor;
  #jwksUri: URL | undefined;

  constructor(location: KeyLocation, door: NetworkDoor) {
    this.#location = location;
    this.#door = door;
  }

  /** Discovers where the keys are, unless that was configured, and fetches them. Rejects with a NetworkError. */
  async load(): Promise<KeySet> {
    this.#jwksUri = this.#location.jwksUri ?? (await this.#discover());
    return this.reload();
  }

  /** Fetches the keys from where they were before. */
  async reload(): Promise<KeySet> {
    if (this.#jwksUri === undefined) return this.load();
    const keys = importKeySet(await this.#fetchObject(this.#jwksUri), this.#location.rsaAlgorithm);
    if (keys instanceof Malformed) throw new NetworkError(`${this.#jwksUri.href}: ${keys.reason}`);
    return keys;
  }

  /** Asks for both documents at once; RFC 8414's answer wins where it is good. */
  async #discover(): Promise<URL> {
    const { oauth, openid } = metadataUrls(this.#location.issuer);
    const [preferred, other] = [this.#readMetadata(oauth), this.#readMetadata(openid)];
    // Awaited only if it is needed; its failure is nobody's unhandled rejection meanwhile.
    other.catch(() => {});
    try {
      return await preferred;
    } catch (failure) {
      return await other.catch((otherFailure: unknown) => {
        const reasons = [failure, otherFailure].map((reason) => (reason instanceof Error ? reason.message : ''));
        throw new NetworkError(reasons.join('; '), {
          cause: failure,
          retryAfterSeconds: failure instanceof NetworkError ? failure.retryAfterSeconds : undefined,
        });
      });
    }
  }

  async #readMetadata(url: URL): Promise<URL> {
    const jwksUri = readJwksUri(await this.#fetchObject(url), this.#location.issuer);
    if (jwksUri instanceof Malformed) throw new NetworkError(`${url.href}: ${jwksUri.reason}`);
    return jwksUri;
  }

  async #fetchObject(url: URL): Promise<JsonObject> {
    const object = parseJsonObject(await this.#door.fetchDocument(url, this.#location.terms));
    if (object instanceof Malformed) throw new NetworkError(`${url.href}: ${object.reason}`);
    return object;
  }
}
