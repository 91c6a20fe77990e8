import type { Socket } from 'node:net';
import { answer } from '../../packages/core/test/support-network/scripted-server.js';

/** The members of a metadata document that matter here. */
interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
}

/** A fault of a metadata document: its name and the replies. */
export interface MetadataFault {
  readonly name: string;
  readonly reply: MetadataReply;
  /** True when only our own timeout ends the request. */
  readonly isEndless?: true;
}

export type MetadataReply = (socket: Socket, right: Metadata) => void;

function status(code: number, body = '{}'): MetadataReply {
  return (socket) => socket.end(answer(code, {}, body));
}

function answering(wrong: (right: Metadata) => object): MetadataReply {
  return (socket, right) => socket.end(answer(200, {}, JSON.stringify(wrong(right))));
}

/** All faults of a metadata document. */
export const metadataFaults: readonly MetadataFault[] = [
  { name: 'connection reset', reply: (socket) => socket.resetAndDestroy() },
  { name: 'hang', reply: () => {}, isEndless: true },
  { name: '404', reply: status(404) },
  { name: '500', reply: status(500) },
  { name: 'HTML page', reply: status(200, '<!doctype html>') },
  { name: 'redirect', reply: (socket) => socket.end(answer(302, { location: '/jwks' })) },
  // The keys are right: only the issuer disqualifies the document (RFC 8414 section 3.3).
  { name: 'of another issuer', reply: answering((right) => ({ ...right, issuer: 'https://other.example' })) },
  { name: 'of this issuer and a slash', reply: answering((right) => ({ ...right, issuer: `${right.issuer}/` })) },
  { name: 'without an issuer', reply: answering(({ jwks_uri }) => ({ jwks_uri })) },
  { name: 'without a jwks_uri', reply: answering(({ issuer }) => ({ issuer })) },
];
