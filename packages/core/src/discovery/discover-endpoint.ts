import { withTimeout } from '../async/with-timeout.js';
import type { JsonObject } from '../jws/json.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError, type NetworkErrorCode } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { bare } from '../objects/bare.js';
import { fetchObject } from './fetch-object.js';
import { metadataUrls } from './metadata-urls.js';

/** Which endpoint of which issuer to find. */
export interface EndpointQuery {
  /** The expected issuer. A document of another issuer is refused (RFC 8414 section 3.3). */
  readonly issuer: string;
  /** The metadata member that contains the URL of the endpoint. */
  readonly member: string;
  /**
   * Whether the issuer's alias for clients with a certificate is preferred (RFC 8705 section 5).
   *
   * @default false
   */
  readonly prefersMutualTls?: boolean;
  /** Which URLs may be fetched. */
  readonly terms: FetchTerms;
  /** Called when the metadata states that the issuer is a mock. */
  readonly onMock?: (() => void) | undefined;
}

/**
 * How long to wait for RFC 8414's document after OpenID's has arrived. If one of the two paths
 * hangs, discovery still succeeds.
 */
const graceMilliseconds = 500;

/**
 * Finds an endpoint in an issuer's metadata. Fetches both documents in parallel. RFC 8414's
 * document is preferred if it is valid and arrives in time. Caches nothing.
 *
 * @throws {NetworkError} when neither document contains the endpoint
 */
export async function discoverEndpoint(query: EndpointQuery, fetcher: Fetcher): Promise<URL> {
  const { oauth, openid } = metadataUrls(query.issuer);
  const preferred = readMetadata(oauth, query, fetcher);
  const other = readMetadata(openid, query, fetcher);
  const inTime = (fallback: URL) => withTimeout(graceMilliseconds, preferred, () => fallback);
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

/**
 * The endpoint in one document, or the reason why there is none. Never rejects, because the result
 * may never be awaited.
 */
async function readMetadata(url: URL, query: EndpointQuery, fetcher: Fetcher): Promise<URL | NetworkError> {
  try {
    const { object } = await fetchObject(url, query.terms, fetcher);
    const found = readEndpoint(object, query);
    return found instanceof URL ? found : new NetworkError(found.code, `${shortUrl(url)}: ${found.message}`);
  } catch (failure) {
    return failure instanceof NetworkError
      ? failure
      : new NetworkError('bad_document', 'discovery failed', { cause: failure });
  }
}

/** Reads an endpoint from a metadata document. Does not check whether its URL may be called. */
export function readEndpoint(metadata: JsonObject, query: Omit<EndpointQuery, 'terms'>): URL | NetworkError {
  const { issuer, member, prefersMutualTls = false, onMock } = bare(query);
  // Checked before any other member is used: a document of another issuer would supply the keys of
  // that issuer.
  if (metadata['issuer'] !== issuer) return new NetworkError('wrong_issuer', 'issuer: not the expected issuer');
  if (metadata['mock_issuer'] === true) onMock?.();
  const aliases = prefersMutualTls ? metadata['mtls_endpoint_aliases'] : undefined;
  const location = (isObject(aliases) ? aliases[member] : undefined) ?? metadata[member];
  if (typeof location === 'string' && URL.canParse(location)) return new URL(location);
  return new NetworkError('bad_document', `${member}: no URL`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Combines the failures of both documents: every message, the code of the failure that came closest
 * to success, and the longest `Retry-After`.
 */
function combine(outcomes: readonly (URL | NetworkError)[]): NetworkError {
  const failures = outcomes.filter((outcome) => outcome instanceof NetworkError);
  const waits = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  const codes = failures
    .map(({ code }) => code)
    .sort((one, other) => codesByStage.indexOf(other) - codesByStage.indexOf(one));
  return new NetworkError(codes[0] ?? 'closed', failures.map(({ message }) => message).join('; '), {
    cause: failures[0],
    retryAfterSeconds: waits.length === 0 ? undefined : Math.max(...waits),
  });
}

/**
 * The codes of a failed fetch, from the least to the most advanced stage. One of the two well-known
 * paths often does not exist, so the more advanced failure explains more.
 */
const codesByStage: readonly NetworkErrorCode[] = [
  'closed',
  'not_permitted',
  'unreachable',
  'bad_status',
  'credentials_refused',
  'timeout',
  'bad_document',
  'wrong_issuer',
];
