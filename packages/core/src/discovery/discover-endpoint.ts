import { withTimeout } from '../async/with-timeout.js';
import type { JsonObject } from '../jws/json.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError, type NetworkErrorCode } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { bare } from '../objects/bare.js';
import { fetchObject } from './fetch-object.js';
import { metadataUrls } from './metadata-urls.js';

/** Whose metadata is read, and for what. */
export interface EndpointQuery {
  /** The configured issuer; a document of any other is worth nothing (RFC 8414 section 3.3). */
  readonly issuer: string;
  /** The member that names the endpoint. */
  readonly member: string;
  /** Whether what the issuer names for clients that show a certificate counts first (RFC 8705 section 5). */
  readonly prefersMutualTls?: boolean;
  readonly terms: FetchTerms;
  /** Called when a document of the issuer says that the issuer is a mock. */
  readonly onMock?: (() => void) | undefined;
}

/** How long RFC 8414's document may be behind OpenID's: one path that hangs is no outage. */
const graceMilliseconds = 500;

/**
 * Finds an endpoint in an issuer's metadata. Asks for both documents at once; RFC 8414's answer wins where it is good and comes in
 * time. Remembers nothing. Rejects with a NetworkError.
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

/** What one document says, or why it says nothing. Never rejects, since nobody may be waiting. */
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

/** Reads an endpoint out of a metadata document. */
export function readEndpoint(metadata: JsonObject, query: Omit<EndpointQuery, 'terms'>): URL | NetworkError {
  const { issuer, member, prefersMutualTls = false, onMock } = bare(query);
  // Before anything else in it is used: a document of another issuer would bring that one's keys.
  if (metadata['issuer'] !== issuer) return new NetworkError('wrong_issuer', 'issuer: not the one that was asked for');
  if (metadata['mock_issuer'] === true) onMock?.();
  const aliases = prefersMutualTls ? metadata['mtls_endpoint_aliases'] : undefined;
  const location = (isObject(aliases) ? aliases[member] : undefined) ?? metadata[member];
  if (typeof location === 'string' && URL.canParse(location)) return new URL(location);
  return new NetworkError('bad_document', `${member}: no URL`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  'credentials_refused',
  'timeout',
  'bad_document',
  'wrong_issuer',
];
