import type { KeyAlgorithm } from '../jws/algorithms.js';
import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type NetworkDoor, NetworkError, type NetworkErrorCode } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { waitAtMost } from '../model/wait-at-most.js';
import { metadataUrls, readJwksUri } from './discovery.js';
import { importKeySetInTurns, type KeySet } from './key-set.js';

/** Where the keys of one issuer are, and how they are read. */
export interface KeyLocation {
  readonly issuer: string;
  /** The JWK set; `undefined` to discover it. */
  readonly jwksUri: URL | undefined;
  /** What RSA keys without `alg` are for. */
  readonly rsaAlgorithm: KeyAlgorithm;
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

/** How long RFC 8414's document may be behind OpenID's: one path that hangs is no outage. */
const graceMilliseconds = 500;

/** Fetches the documents that lead to an issuer's keys. Remembers nothing, so that no answer outlives another. */
export class KeyLoader {
  readonly #location: KeyLocation;
  readonly #door: NetworkDoor;

  constructor(location: KeyLocation, door: NetworkDoor) {
    this.#location = location;
    this.#door = door;
  }

  /** Discovers where the keys are, unless that was configured, and fetches them. Rejects with a NetworkError. */
  async load(): Promise<LoadedKeys> {
    const jwksUri = this.#location.jwksUri ?? (await this.#discover());
    const { object: jwks, freshSeconds } = await this.#fetchObject(jwksUri);
    const keys = await importKeySetInTurns(jwks, this.#location.rsaAlgorithm);
    if (keys instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(jwksUri)}: ${keys.reason}`);
    return { keys, jwks, freshSeconds };
  }

  /** Asks for both documents at once; RFC 8414's answer wins where it is good and comes in time. */
  async #discover(): Promise<URL> {
    const { oauth, openid } = metadataUrls(this.#location.issuer);
    const preferred = this.#readMetadata(oauth);
    const other = this.#readMetadata(openid);
    const inTime = (fallback: URL) => waitAtMost(graceMilliseconds, preferred, () => fallback);
    const found = await Promise.race([
      preferred.then((first) => (first instanceof URL ? first : other)),
      other.then(async (second) => {
        const first = await (second instanceof URL ? inTime(second) : preferred);
        return first instanceof URL ? first : second;
      }),
    ]);
    if (found instanceof URL) return found;
    throw combine(await Promise.all([preferred, other]));
  }

  /** The `jwks_uri` of one document, or why there is none. Never rejects, since nobody may be waiting. */
  async #readMetadata(url: URL): Promise<URL | NetworkError> {
    try {
      const { object } = await this.#fetchObject(url);
      const found = readJwksUri(object, this.#location.issuer);
      return found instanceof URL ? found : new NetworkError(found.code, `${shortUrl(url)}: ${found.message}`);
    } catch (failure) {
      return failure instanceof NetworkError
        ? failure
        : new NetworkError('bad_document', 'discovery failed', { cause: failure });
    }
  }

  async #fetchObject(url: URL): Promise<{ object: JsonObject; freshSeconds: number | undefined }> {
    const { octets, freshSeconds } = await this.#door.fetchDocument(url, this.#location.terms);
    const object = parseJsonObject(octets);
    if (object instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(url)}: ${object.reason}`);
    return { object, freshSeconds };
  }
}

/** One failure of several: every reason, the code of what came nearest, and the longest wait that any server asked for. */
function combine(outcomes: readonly (URL | NetworkError)[]): NetworkError {
  const failures = outcomes.filter((outcome) => outcome instanceof NetworkError);
  const waits = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  const codes = failures.map(({ code }) => code).sort((one, other) => nearness.indexOf(other) - nearness.indexOf(one));
  return new NetworkError(codes[0] ?? 'closed', failures.map(({ message }) => message).join('; '), {
    cause: failures[0],
    retryAfterSeconds: waits.length === 0 ? undefined : Math.max(...waits),
  });
}

/** How near to its end a fetch came that failed so: of two well-known paths one is often just not there. */
const nearness: readonly NetworkErrorCode[] = [
  'closed',
  'not_permitted',
  'unreachable',
  'bad_status',
  'timeout',
  'bad_document',
  'wrong_issuer',
];
