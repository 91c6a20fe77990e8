import { answer, scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { flushEvents } from './arena.js';
import type { MetadataReply } from './metadata-faults.js';

/** One of the two metadata documents: RFC 8414's or OpenID's. */
type Document = 'oauth' | 'openid';

/** An issuer that serves its metadata and nothing else. */
export interface MetadataServer {
  /** The issuer identifier, and the origin of its documents. */
  readonly origin: string;
  jwksUri: string;
  /** From now on its documents are answered with this fault, except the valid one. */
  setFault(reply: MetadataReply, except?: { readonly good: Document }): void;
  clearFault(): Promise<void>;
  /** Resolves only when every connection is closed. */
  close(): Promise<void>;
}

export async function openMetadataServer(): Promise<MetadataServer> {
  let fault: MetadataReply | undefined;
  let spared: Document | undefined;
  const server = await scriptedServer((socket, head) => {
    const requested: Document = head.includes('/oauth-authorization-server') ? 'oauth' : 'openid';
    const right = { issuer: metadata.origin, jwks_uri: metadata.jwksUri };
    if (fault === undefined || requested === spared) socket.end(answer(200, {}, JSON.stringify(right)));
    else fault(socket, right);
  });
  const metadata: MetadataServer = {
    origin: server.origin,
    jwksUri: '',
    setFault(reply, except) {
      fault = reply;
      spared = except?.good;
    },
    async clearFault() {
      await server.allGone();
      await flushEvents();
      fault = undefined;
    },
    async close() {
      await server.allGone();
      await server.close();
    },
  };
  return metadata;
}
