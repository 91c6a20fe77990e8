import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, jsonAnswer, send } from './answer.js';
import type { ActiveFault, DiscoveryFault, JwksFault } from './faults.js';

type Kind = JwksFault | DiscoveryFault;
type DeliveryFault = 'down' | 'slow' | 'hang' | 'truncated' | 'huge';
type ContentFault = Exclude<Kind, DeliveryFault>;

const HUGE_BYTES = 1024 * 1024;

/** Faults that send another answer, whole and at once. */
const contents: Readonly<Record<ContentFault, (right: Answer, location: string) => Answer>> = {
  '500': () => jsonAnswer(500, { error: 'server_error' }),
  redirect: (_right, location) => jsonAnswer(302, {}, { location }),
  html: (right) => ({
    ...right,
    headers: { ...right.headers, 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><title>Maintenance</title><p>Back soon.</p>',
  }),
  wrongIssuer: (right) => withMember(right, 'issuer', 'https://other.example'),
  empty: (right) => withMember(right, 'keys', []),
  gzip: (right) => ({
    ...right,
    headers: { ...right.headers, 'content-encoding': 'gzip' },
    body: gzipSync(right.body),
  }),
};

/** Faults in how the right answer gets across, or does not. */
const deliveries: Readonly<Record<DeliveryFault, (response: ServerResponse, right: Answer, ms: number) => void>> = {
  down: (response) => response.destroy(),
  hang: () => {},
  slow: (response, right, ms) => {
    const timer = setTimeout(() => send(response, right), ms);
    // A client that left, and close(), end the wait.
    response.once('close', () => clearTimeout(timer));
  },
  truncated: (response, { status, headers, body }) => {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  },
  // Whole and right but for its size, and sent without a length: only a client that counts what it reads can refuse it.
  huge: (response, right) => {
    const { status, headers, body } = withMember(right, 'padding', 'x'.repeat(HUGE_BYTES));
    response.writeHead(status, headers);
    response.write(body.slice(0, 1024));
    response.end(body.slice(1024));
  },
};

/** Answers as the fault has it. `decoy` is where a redirect leads unless the fault names another place. */
export function misbehave(fault: ActiveFault, response: ServerResponse, right: Answer, decoy: string): void {
  if (isDelivery(fault.kind)) deliveries[fault.kind](response, right, fault.delaySeconds * 1000);
  else send(response, contents[fault.kind](right, fault.location ?? decoy));
}

function isDelivery(kind: Kind): kind is DeliveryFault {
  return Object.hasOwn(deliveries, kind);
}

function withMember(right: Answer, name: string, value: unknown): Answer {
  return { ...right, body: JSON.stringify({ ...JSON.parse(right.body.toString()), [name]: value }) };
}
