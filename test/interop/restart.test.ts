import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { unavailable } from '../suite/expected.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { discoverClient } from './client.js';
import { mintKey } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

/** After this time a key set is stale, and used only while its issuer is unreachable. */
const freshSeconds = 600;
const key = mintKey('ES256');

for (const harness of harnesses) {
  describe(`${harness.name}: oidc-provider is down`, () => {
    let provider: RunningProvider;
    let token: string;
    let clock: FrozenClock;
    let application: Application;

    beforeEach(async () => {
      provider = await startProvider([await key]);
      token = await (await discoverClient(provider.issuer, 'ES256')).token();
      clock = frozenClock(Date.now());
      application = await openApplication(harness, provider.issuer, clock);
    });

    afterEach(async () => {
      await application.close();
      await provider.stop();
    });

    it('while oidc-provider is down, cached keys are used, both fresh and stale (D-18) [RS-OIDC-10.1.1-d]', async () => {
      expect((await application.send(token)).status).toBe(200);
      await provider.stop();
      expect((await application.send(token)).status).toBe(200);
      clock.advance(freshSeconds);
      expect((await application.send(token)).status).toBe(200);
    });

    it('while oidc-provider is down and no keys are cached, requests are 503 until Retry-After has passed (D-08) [RS-OIDC-10.1.1-d]', async () => {
      await provider.stop();
      const down = await application.send(token);
      expect(down).toMatchObject({ ...unavailable('keys_unavailable'), handled: false });
      expect(down.retryAfter).toBeOneOf(Array.from({ length: 30 }, (_, at) => at + 1));
      await provider.start();
      expect((await application.send(token)).status).toBe(503);
      clock.advance(Number(down.retryAfter));
      expect((await application.send(token)).status).toBe(200);
    });
  });
}
