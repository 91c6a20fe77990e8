import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { invalidRequest } from './oauth-error.js';

/** Bytes of a body that are read; a longer one is 413. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads a body to its end, and keeps no more of it than 64 KiB.
 *
 * @throws OAuthError invalid_request when it is too long (413), of another content type, or no UTF-8 (400).
 */
export async function readBody(request: IncomingMessage, type: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to the end even when nothing is kept: a client that still sends would not see its answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw invalidRequest(`the body is longer than ${MAX_BODY_BYTES} bytes`, 413);
  const sent = mediaType(request.headers['content-type']);
  if (sent !== type) throw invalidRequest(`the body must be ${type}, and is ${sent ?? 'of no type'}`);
  const body = Buffer.concat(chunks);
  if (!isUtf8(body)) throw invalidRequest('the body must be UTF-8');
  return body.toString();
}

/** The media type of a `Content-Type`, without its parameters. */
export function mediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase();
}
