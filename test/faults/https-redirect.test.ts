import { once } from 'node:events';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer } from '../../packages/core/test/support-network/scripted-server.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { type FaultArena, openFaultArena } from './arena.js';
import type { Fault } from './faults.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { expectedCached, expectedCold, playCached, playCold } from './plays.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const certificate = selfSignedCertificate();

/** The decoy would serve the right keys over plain HTTP. */
const fault: Fault = {
  name: 'redirect from https to http',
  effect: 'outage',
  reply: (socket, _, decoy) => socket.end(answer(302, { location: `${decoy}/jwks` })),
};

beforeEach(() => {
  // The test certificate is trusted in this file only: there is no option for a certificate
  // authority.
  const { createConnection } = Agent.prototype;
  vi.spyOn(Agent.prototype, 'createConnection').mockImplementation(function (this: Agent, options, callback) {
    return createConnection.call(this, { ...options, ca: certificate.cert } as typeof options, callback);
  });
});

/** A TLS server that forwards to a server without TLS. */
async function inFrontOf(url: string): Promise<{ readonly url: string; readonly server: Server }> {
  const behind = Number(new URL(url).port);
  const server = createServer(certificate, (socket) => {
    const plain = connect(behind, '127.0.0.1');
    socket.on('error', () => plain.destroy()).on('close', () => plain.destroy());
    plain.on('error', () => socket.destroy());
    socket.pipe(plain).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/jwks`, server };
}

for (const harness of harnesses) {
  describe(`${harness.name}: a key server over TLS that redirects`, () => {
    let arena: FaultArena;

    beforeEach(async () => {
      arena = await openFaultArena(harness, async ({ issuer, jwksUri }) => {
        const { url, server } = await inFrontOf(jwksUri);
        return {
          options: { issuer: { issuer, jwksUri: url } },
          async close() {
            server.close();
          },
        };
      });
    });

    afterEach(() => arena.close());

    it('with keys cached, a redirect of the key server from https to http is not followed (D-21) [RS-OIDC-10.1.1-e] [RS-OIDC-10.1.1-d]', async ({
      task,
    }) => {
      const { seen, statuses } = await playCached(arena, fault);
      task.meta.fault = { fault: fault.name, column: 'cached', harness: harness.name, seen };
      expect(statuses).toEqual(expectedCached(fault));
      expectInvariant(arena);
    });

    it('with nothing cached, a redirect of the key server from https to http is not followed (D-21) [RS-OIDC-10.1.1-e] [RS-OIDC-10.1.1-d]', async ({
      task,
    }) => {
      const { seen, statuses } = await playCold(arena, fault);
      task.meta.fault = { fault: fault.name, column: 'cold', harness: harness.name, seen };
      expect(statuses).toEqual(expectedCold(fault));
      expectInvariant(arena);
    });
  });
}
