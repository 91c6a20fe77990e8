import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';

/**
 * Fetches a document that is one JSON object.
 *
 * @throws {NetworkError} when the fetch fails or the document is malformed
 */
export async function fetchObject(
  url: URL,
  terms: FetchTerms,
  fetcher: Fetcher,
): Promise<{ object: JsonObject; freshSeconds: number | undefined }> {
  const { octets, freshSeconds } = await fetcher.fetchDocument(url, terms);
  const object = parseJsonObject(octets);
  if (object instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(url)}: ${object.reason}`);
  return { object, freshSeconds };
}
