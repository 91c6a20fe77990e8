import { discoverEndpoint } from '../discovery/discover-endpoint.js';
import { fetchObject } from '../discovery/fetch-object.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { KeyRules } from '../jws/public-key.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { importKeySetInTurns, type KeySet } from './key-set.js';

/** Where the keys of one issuer are, and how they are read. */
export interface KeyLocation {
  readonly issuer: string;
  /** The JWK set; `undefined` to discover it. */
  readonly jwksUri: URL | undefined;
  readonly rules: KeyRules;
  readonly terms: FetchTerms;
}

/** Keys as they were fetched. */
export interface LoadedKeys {
  readonly keys: KeySet;
  /** The document they came from. */
  readonly jwks: JsonObject;
  /** How long the document says it is fresh, in seconds. */
  readonly freshSeconds: number | undefined;
}

/** Fetches the documents that lead to an issuer's keys. Remembers nothing, so that no answer outlives another. */
export class KeyLoader {
  readonly #location: KeyLocation;
  readonly #fetcher: Fetcher;
  readonly #onMock: (() => void) | undefined;

  /** @param onMock called when the issuer's metadata says that it is a mock */
  constructor(location: KeyLocation, fetcher: Fetcher, onMock?: () => void) {
    this.#location = location;
    this.#fetcher = fetcher;
    this.#onMock = onMock;
  }

  /** Discovers where the keys are, unless that was configured, and fetches them. Rejects with a NetworkError. */
  async load(): Promise<LoadedKeys> {
    const { issuer, terms, rules } = this.#location;
    const query = { issuer, member: 'jwks_uri', terms, onMock: this.#onMock };
    const jwksUri = this.#location.jwksUri ?? (await discoverEndpoint(query, this.#fetcher));
    const { object: jwks, freshSeconds } = await fetchObject(jwksUri, terms, this.#fetcher);
    const keys = await importKeySetInTurns(jwks, rules);
    if (keys instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(jwksUri)}: ${keys.reason}`);
    return { keys, jwks, freshSeconds };
  }
}
