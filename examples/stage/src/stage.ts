import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** The audience of the tokens of the demo. */
export const audience = 'https://api.example.com';

/** Creates the API of an example as a request listener, protected by `server`. */
export type CreateApi = (server: ResourceServer) => RequestListener | Promise<RequestListener>;

/** The servers of the demo, listening on loopback. */
export interface Stage {
  readonly issuer: MockIssuer;
  /** Another trusted issuer, whose metadata cannot be fetched. */
  readonly absentIssuer: MockIssuer;
  readonly api: string;
  close(): Promise<void>;
}

/** Starts two issuers and the API as real HTTP servers. */
export async function openStage(createApi: CreateApi): Promise<Stage> {
  const issuer = await createMockIssuer({ audience });
  const absentIssuer = await createMockIssuer({ audience, alg: 'ES256' });
  absentIssuer.faults.discovery('down');
  const server = createResourceServer({ issuer: [issuer.issuer, absentIssuer.issuer], audience });
  const listener = await listen(await createApi(server));
  const { port } = listener.address() as AddressInfo;
  return {
    issuer,
    absentIssuer,
    api: `http://127.0.0.1:${port}`,
    async close() {
      listener.close();
      listener.closeAllConnections();
      await Promise.all([server.close(), issuer.close(), absentIssuer.close()]);
    },
  };
}

function listen(api: RequestListener): Promise<Server> {
  return new Promise((resolve, reject) => {
    const listener = createServer(api);
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => resolve(listener));
  });
}
