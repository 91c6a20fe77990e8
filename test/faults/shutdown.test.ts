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

/** Longer than a test may take: whoever has an answer has it because of the shutdown. */
const patience = { timeoutSeconds: 30 };

for (const framework of frameworks) {
  describe(`${framework.name}: shutdown`, () => {
    let issuer: MockIssuer;
    let keys: ScriptedServer;
    /** Whether the key server answers. */
    let answers: boolean;
    let server: ResourceServer;
    let application: Application;
    /** What the handler waits for, once it was entered. */
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
        keys: patience,
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

    it('D-08: close() during the first fetch: who waits gets 503, and the sockets are gone', async ({ task }) => {
      answers = false;
      const waiting = [application.ask(await issuer.token()), application.ask(await issuer.bad.foreignSignature())];
      await until(() => keys.heads.length === 1);
      await server.close();
      const statuses = await Promise.all(waiting);
      await keys.allGone();
      const seen = `good ${statuses[0]}, forged ${statuses[1]}, ${keys.heads.length} fetch, its socket gone`;
      task.meta.fault = { fault: 'close() during a fetch', column: 'cold', harness: framework.name, seen };
      expect([statuses, entered]).toEqual([[503, 503], 0]);
    });

    it('D-08: close() during a forced fetch: who waits gets 503, and keys at hand go on being used', async ({
      task,
    }) => {
      const token = await issuer.token();
      expect(await application.ask(token)).toBe(200);
      answers = false;
      const waiting = application.ask(await issuer.bad.unknownKey());
      await until(() => keys.heads.length === 2);
      await server.close();
      const statuses = [await waiting, await application.ask(token), await application.ask(await issuer.token())];
      await keys.allGone();
      const seen = `unknown kid ${statuses[0]}, good again ${statuses[1]}, another good ${statuses[2]}, its socket gone`;
      task.meta.fault = { fault: 'close() during a fetch', column: 'cached', harness: framework.name, seen };
      expect(statuses).toEqual([503, 200, 200]);
    });

    it('D-08: a shutdown lets handlers finish, ends fetches, and leaves nothing open', async ({ task }) => {
      const token = await issuer.token();
      expect(await application.ask(token)).toBe(200);
      let finish = () => {};
      work = new Promise((resolve) => {
        finish = resolve;
      });
      const inFlight = application.ask(token);
      await until(() => entered === 2);
      answers = false;
      const waiting = application.ask(await issuer.bad.unknownKey());
      await until(() => keys.heads.length === 2);
      let isStopped = false;
      const stopping = application.stop().then(() => {
        isStopped = true;
      });
      await server.close();
      // While the handler still works: neither is the fetch waited for, nor the handler cut off.
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
