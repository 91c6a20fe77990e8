import { discoverEndpoint } from '../discovery/discover-endpoint.js';
import { fetchObject } from '../discovery/fetch-object.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { KeyRules } from '../jws/public-key.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { importKeySetStepwise, type KeySet } from './key-set.js';

/** Where one issuer publishes its keys, and the rules for fetching and importing them. */
export interface KeyLocation {
  readonly issuer: string;
  /** The URL of the JWK set; `undefined` to discover it in the issuer's metadata. */
  readonly jwksUri: URL | undefined;
  readonly rules: KeyRules;
  readonly terms: FetchTerms;
}

/** A key set and the document that it was read from. */
export interface LoadedKeys {
  readonly keys: KeySet;
  /** The JWK set document. */
  readonly jwks: JsonObject;
  /**
   * How long the document is fresh by its HTTP headers, in seconds; `undefined` without such
   * headers.
   */
  readonly freshSeconds: number | undefined;
}

/**
 * Fetches the metadata and the JWK set of an issuer. Caches nothing, so that old metadata cannot be
 * combined with a later key fetch.
 */
export class KeyLoader {
  readonly #location: KeyLocation;
  readonly #fetcher: Fetcher;
  readonly #onMock: (() => void) | undefined;

  /** @param onMock called when the issuer's metadata states that the issuer is a mock */
  constructor(location: KeyLocation, fetcher: Fetcher, onMock?: () => void) {
    this.#location = location;
    this.#fetcher = fetcher;
    this.#onMock = onMock;
  }

  /**
   * Fetches the keys, after discovering their URL unless it was configured.
   *
   * @throws {NetworkError} when a document cannot be fetched or is malformed
   */
  async load(): Promise<LoadedKeys> {
    const { issuer, terms, rules } = this.#location;
    const query = { issuer, member: 'jwks_uri', terms, onMock: this.#onMock };
    const jwksUri = this.#location.jwksUri ?? (await discoverEndpoint(query, this.#fetcher));
    const { object: jwks, freshSeconds } = await fetchObject(jwksUri, terms, this.#fetcher);
    const keys = await importKeySetStepwise(jwks, rules);
    if (keys instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(jwksUri)}: ${keys.reason}`);
    return { keys, jwks, freshSeconds };
  }
}
