import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';

/** Who we are in the tokens of the demo. */
export const audience = 'https://api.example.com';

/** Makes the API of an example: what answers requests, guarded by `server`. */
export type CreateApi = (server: ResourceServer) => RequestListener | Promise<RequestListener>;

/** Everything the demo needs, listening on loopback. */
export interface Stage {
  readonly issuer: MockIssuer;
  /** An issuer that the API trusts too, and that nobody can reach. */
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
