import { type FetchedDocument, NetworkError } from '../model/ports.js';
import { freshSeconds } from './fresh-seconds.js';

/** Size limit of a document. Metadata documents and key sets in use are smaller. */
const maxDocumentBytes = 256 * 1024;

/** An HTTP response, independent of the transport. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number | undefined;
  /** The value of a header by its name in lower case. */
  header(name: string): string | undefined;
  /** The chunks of the body. Each is checked: the application's `fetch` may yield anything. */
  readonly body: AsyncIterable<unknown> | Iterable<unknown>;
}

/**
 * Reads the body of a response with status 200. Every other response is a failure, and its body is
 * not read.
 *
 * @throws {NetworkError} `bad_status` or `bad_document`
 */
export async function readDocument(answer: Answer, signal: AbortSignal): Promise<FetchedDocument> {
  assertReadable(answer);
  const octets = await readBounded(answer.body, signal);
  return {
    octets,
    contentType: answer.header('content-type'),
    freshSeconds: freshSeconds(answer.header('cache-control'), answer.header('age')),
  };
}

function assertReadable({ status, header }: Answer): void {
  if (status !== 200) {
    throw new NetworkError('bad_status', `answered ${Number(status)}`, {
      retryAfterSeconds: retryAfter(status, header),
      status,
    });
  }
  // A few octets of gzip can expand to gigabytes. The request excludes compression, so a compressed
  // response is refused.
  if ((header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw new NetworkError('bad_document', 'answered with a content encoding');
  }
  if (Number(header('content-length') ?? 0) > maxDocumentBytes) throw tooLarge();
}

async function readBounded(body: Answer['body'], signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    signal.throwIfAborted();
    if (!(chunk instanceof Uint8Array)) throw new NetworkError('bad_document', 'the body does not consist of octets');
    size += chunk.length;
    if (size > maxDocumentBytes) throw tooLarge();
    if (chunk.length > 0) chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): NetworkError {
  return new NetworkError('bad_document', `larger than ${maxDocumentBytes} octets`);
}

/**
 * `Retry-After` of a 429 or 503 response, in seconds. The date form is ignored.
 *
 * @see RFC 9110 section 10.2.3
 */
function retryAfter(status: number | undefined, header: Answer['header']): number | undefined {
  const value = header('retry-after');
  const counts = (status === 429 || status === 503) && value !== undefined && /^\d{1,9}$/.test(value);
  return counts ? Number(value) : undefined;
}
