import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ActiveFault } from '../faults/faults.js';
import { type Answer, jsonAnswer, privateAnswer, send } from './answer.js';

type Deliver = (response: ServerResponse, right: Answer, ms: number) => void;
type Replace = (right: Answer, fault: ActiveFault, decoy: string) => Answer;

const HUGE_BYTES = 1024 * 1024;

const busy =
  (status: number): Replace =>
  (_right, { retryAfter }) =>
    jsonAnswer(
      status,
      { error: 'temporarily_unavailable' },
      { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
    );

/** Faults that send another answer, whole and at once. */
const contents: ReadonlyMap<string, Replace> = new Map<string, Replace>([
  ['500', () => jsonAnswer(500, { error: 'server_error' })],
  ['429', busy(429)],
  ['503', busy(503)],
  [
    'unauthorized',
    () => privateAnswer(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="mock-issuer"' }),
  ],
  ['forbidden', () => privateAnswer(403, { error: 'unauthorized_client' })],
  ['redirect', (_right, { location }, decoy) => jsonAnswer(302, {}, { location: location ?? decoy })],
  [
    'html',
    (right) => ({
      ...right,
      headers: { ...right.headers, 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Maintenance</title><p>Back soon.</p>',
    }),
  ],
  [
    'gzip',
    (right) => ({
      ...right,
      headers: { ...right.headers, 'content-encoding': 'gzip' },
      body: gzipSync(right.body),
    }),
  ],
]);

/** Faults in how the right answer gets across, or does not. */
const deliveries: ReadonlyMap<string, Deliver> = new Map<string, Deliver>([
  ['down', (response) => response.destroy()],
  ['hang', () => {}],
  [
    'slow',
    (response, right, ms) => {
      const timer = setTimeout(() => send(response, right), ms);
      // A client that left, and close(), end the wait.
      response.once('close', () => clearTimeout(timer));
    },
  ],
  [
    'truncated',
    (response, { status, headers, body }) => {
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    },
  ],
  // Whole and right but for its size, and sent without a length: only a client that counts what it reads can refuse it.
  [
    'huge',
    (response, right) => {
      const body = padded(right);
      response.writeHead(right.status, right.headers);
      response.write(body.slice(0, 1024));
      response.end(body.slice(1024));
    },
  ],
]);

/**
 * Answers as the fault has it; a fault of what the endpoint says is in its answer already. `decoy` is where a redirect leads unless the
 * fault names another place.
 */
export function misbehave(fault: ActiveFault, response: ServerResponse, right: Answer, decoy: string): void {
  const deliver = deliveries.get(fault.kind);
  if (deliver !== undefined) deliver(response, right, fault.delaySeconds * 1000);
  else send(response, contents.get(fault.kind)?.(right, fault, decoy) ?? right);
}

function padded({ headers, body }: Answer): string {
  const text = body.toString();
  if (!/json$/.test(headers['content-type'] ?? '')) return text + '\n'.repeat(HUGE_BYTES);
  return JSON.stringify({ ...JSON.parse(text), padding: 'x'.repeat(HUGE_BYTES) });
}
