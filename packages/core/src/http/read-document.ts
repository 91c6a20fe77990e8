import { type FetchedDocument, NetworkError } from '../model/ports.js';
import { freshSeconds } from './fresh-seconds.js';

/** Larger than any metadata document or key set in use. */
const maxDocumentBytes = 256 * 1024;

/** An answer, whoever carried it. */
export interface Answer {
  readonly status: number | undefined;
  /** The value of a header by its name in lower case. */
  header(name: string): string | undefined;
  /** Octets, if it is what it should be. */
  readonly body: AsyncIterable<unknown> | Iterable<unknown>;
}

/** Reads the body of a 200 answer; everything else is a failure and is not read. */
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
  // A few bytes of gzip can be gigabytes: nothing compressed was asked for, nothing is unpacked.
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
    if (!(chunk instanceof Uint8Array)) throw new NetworkError('bad_document', 'a body that is no octets');
    size += chunk.length;
    if (size > maxDocumentBytes) throw tooLarge();
    if (chunk.length > 0) chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): NetworkError {
  return new NetworkError('bad_document', `larger than ${maxDocumentBytes} octets`);
}

/** `Retry-After` in seconds where the server is overloaded (RFC 9110 section 10.2.3); its date form is not read. */
function retryAfter(status: number | undefined, header: Answer['header']): number | undefined {
  const value = header('retry-after');
  const counts = (status === 429 || status === 503) && value !== undefined && /^\d{1,9}$/.test(value);
  return counts ? Number(value) : undefined;
}
