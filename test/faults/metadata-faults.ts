import type { Socket } from 'node:net';
import { answer } from '../../packages/core/test/support-network/scripted-server.js';

/** What a metadata document is about. */
interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
}

/** How one of an issuer's metadata documents is answered that has a fault. */
export interface MetadataFault {
  readonly name: string;
  readonly reply: MetadataReply;
  /** Whether only our own timeout ends it. */
  readonly isEndless?: true;
}

export type MetadataReply = (socket: Socket, right: Metadata) => void;

function status(code: number, body = '{}'): MetadataReply {
  return (socket) => socket.end(answer(code, {}, body));
}

function saying(wrong: (right: Metadata) => object): MetadataReply {
  return (socket, right) => socket.end(answer(200, {}, JSON.stringify(wrong(right))));
}

/** What may be wrong with them. */
export const metadataFaults: readonly MetadataFault[] = [
  { name: 'connection reset', reply: (socket) => socket.resetAndDestroy() },
  { name: 'hang', reply: () => {}, isEndless: true },
  { name: '404', reply: status(404) },
  { name: '500', reply: status(500) },
  { name: 'HTML page', reply: status(200, '<!doctype html>') },
  { name: 'redirect', reply: (socket) => socket.end(answer(302, { location: '/jwks' })) },
  // Its keys are right: what disqualifies it is the name alone (RFC 8414 section 3.3).
  { name: 'of another issuer', reply: saying((right) => ({ ...right, issuer: 'https://other.example' })) },
  { name: 'of this issuer and a slash', reply: saying((right) => ({ ...right, issuer: `${right.issuer}/` })) },
  { name: 'without an issuer', reply: saying(({ jwks_uri }) => ({ jwks_uri })) },
  { name: 'without a jwks_uri', reply: saying(({ issuer }) => ({ issuer })) },
];
