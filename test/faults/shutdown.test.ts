import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answer,
  type ScriptedServer,
  scriptedServer,
} from '../../packages/core/test/support-network/scripted-server.js';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import { audience } from '../suite/world.js';
import { until } from './arena.js';
import { type Application, frameworks } from './shutdown-applications.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

/** Longer than a test may take: an earlier response is an effect of the shutdown. */
const longTimeout = { timeoutSeconds: 30 };

for (const framework of frameworks) {
  describe(`${framework.name}: shutdown`, () => {
    let issuer: MockIssuer;
    let keys: ScriptedServer;
    /** Whether the key server answers. */
    let answers: boolean;
    let server: ResourceServer;
    let application: Application;
    /** What the handler waits for after it was called. */
    let work: Promise<void> | undefined;
    let entered: number;

    beforeEach(async () => {
      issuer = await createMockIssuer({ alg: 'ES256', audience });
      await issuer.keys.current();
      answers = true;
      entered = 0;
      work = undefined;
      keys = await scriptedServer((socket) => {
        if (answers) socket.end(answer(200, {}, JSON.stringify(issuer.jwks)));
      });
      server = createResourceServer({
        issuer: { issuer: issuer.issuer, jwksUri: `${keys.origin}/jwks` },
        audience,
        clock: issuer.clock,
        keys: longTimeout,
      });
      application = await framework.start(server, async () => {
        entered += 1;
        await work;
      });
    });

    afterEach(async () => {
      await application.stop();
      await Promise.all([keys.close(), issuer.close()]);
    });

    it('close() during the first key fetch ends waiting requests with 503 and closes the sockets (D-08)', async ({
      task,
    }) => {
      answers = false;
      const waiting = [application.send(await issuer.token()), application.send(await issuer.bad.foreignSignature())];
      await until(() => keys.heads.length === 1);
      await server.close();
      const statuses = await Promise.all(waiting);
      await keys.allGone();
      const seen = `good ${statuses[0]}, forged ${statuses[1]}, ${keys.heads.length} fetch, its socket gone`;
      task.meta.fault = { fault: 'close() during a fetch', column: 'cold', harness: framework.name, seen };
      expect([statuses, entered]).toEqual([[503, 503], 0]);
    });

    it('close() during a forced fetch ends waiting requests with 503, and cached keys stay in use (D-08)', async ({
      task,
    }) => {
      const token = await issuer.token();
      expect(await application.send(token)).toBe(200);
      answers = false;
      const waiting = application.send(await issuer.bad.unknownKey());
      await until(() => keys.heads.length === 2);
      await server.close();
      const statuses = [await waiting, await application.send(token), await application.send(await issuer.token())];
      await keys.allGone();
      const seen = `unknown kid ${statuses[0]}, good again ${statuses[1]}, another good ${statuses[2]}, its socket gone`;
      task.meta.fault = { fault: 'close() during a fetch', column: 'cached', harness: framework.name, seen };
      expect(statuses).toEqual([503, 200, 200]);
    });

    it('a shutdown waits for running handlers, aborts fetches and leaves no connection open (D-08)', async ({
      task,
    }) => {
      const token = await issuer.token();
      expect(await application.send(token)).toBe(200);
      let finish = () => {};
      work = new Promise((resolve) => {
        finish = resolve;
      });
      const inFlight = application.send(token);
      await until(() => entered === 2);
      answers = false;
      const waiting = application.send(await issuer.bad.unknownKey());
      await until(() => keys.heads.length === 2);
      let isStopped = false;
      const stopping = application.stop().then(() => {
        isStopped = true;
      });
      await server.close();
      // While the handler runs: close() neither waits for the fetch nor interrupts the handler.
      const refused = await waiting;
      const wasEarly = isStopped;
      finish();
      const finished = await inFlight;
      await stopping;
      await keys.allGone();
      const seen = `waiting for keys ${refused}, then in a handler ${finished}, then stopped${wasEarly ? ' TOO EARLY' : ''}`;
      task.meta.fault = { fault: 'SIGTERM with requests in flight', column: 'cached', harness: framework.name, seen };
      expect([refused, wasEarly, finished]).toEqual([503, false, 200]);
    });
  });
}
