import { answer, scriptedServer } from '../../packages/core/test/support-network/scripted-server.js';
import { turns } from './arena.js';
import type { MetadataReply } from './metadata-faults.js';

/** Which of its two documents: RFC 8414's or OpenID's. */
type Document = 'oauth' | 'openid';

/** An issuer that consists of its metadata. */
export interface MetadataSite {
  /** Its name, and where its documents are. */
  readonly origin: string;
  jwksUri: string;
  /** Its documents are answered so from now on, except the good one. */
  suffer(reply: MetadataReply, except?: { readonly good: Document }): void;
  heal(): Promise<void>;
  /** Comes to an end only when nobody is connected any more. */
  close(): Promise<void>;
}

export async function openMetadataSite(): Promise<MetadataSite> {
  let fault: MetadataReply | undefined;
  let spared: Document | undefined;
  const server = await scriptedServer((socket, head) => {
    const asked: Document = head.includes('/oauth-authorization-server') ? 'oauth' : 'openid';
    const right = { issuer: site.origin, jwks_uri: site.jwksUri };
    if (fault === undefined || asked === spared) socket.end(answer(200, {}, JSON.stringify(right)));
    else fault(socket, right);
  });
  const site: MetadataSite = {
    origin: server.origin,
    jwksUri: '',
    suffer(reply, except) {
      fault = reply;
      spared = except?.good;
    },
    async heal() {
      await server.allGone();
      await turns();
      fault = undefined;
    },
    async close() {
      await server.allGone();
      await server.close();
    },
  };
  return site;
}
