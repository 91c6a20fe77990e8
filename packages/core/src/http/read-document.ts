import type { IncomingMessage } from 'node:http';
import { type FetchedDocument, NetworkError } from '../model/ports.js';
import { freshSeconds } from './fresh-seconds.js';

/** Larger than any metadata document or key set in use. */
const maxDocumentBytes = 256 * 1024;

/** Reads the body of a 200 answer; everything else is a failure and is not read. */
export async function readDocument(response: IncomingMessage): Promise<FetchedDocument> {
  try {
    assertReadable(response);
    return { octets: await readBounded(response), freshSeconds: freshSeconds(response.headers) };
  } finally {
    // Also when the body was not wanted: it must not go on arriving.
    response.destroy();
  }
}

function assertReadable({ statusCode, headers }: IncomingMessage): void {
  if (statusCode !== 200) {
    throw new NetworkError(`answered ${statusCode}`, { retryAfterSeconds: retryAfter(statusCode, headers) });
  }
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = headers;
  // A few bytes of gzip can be gigabytes: nothing compressed was asked for, nothing is unpacked.
  if (encoding.toLowerCase() !== 'identity') throw new NetworkError('answered with a content encoding');
  if (Number(length) > maxDocumentBytes) throw new NetworkError(`larger than ${maxDocumentBytes} octets`);
}

async function readBounded(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxDocumentBytes) throw new NetworkError(`larger than ${maxDocumentBytes} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** `Retry-After` in seconds where the server is overloaded (RFC 9110 section 10.2.3); its date form is not read. */
function retryAfter(status: number | undefined, headers: IncomingMessage['headers']): number | undefined {
  const value = headers['retry-after'];
  const counts = (status === 429 || status === 503) && value !== undefined && /^\d{1,9}$/.test(value);
  return counts ? Number(value) : undefined;
}
