import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { unavailable } from '../suite/expected.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { discoverClient } from './client.js';
import { mintKey } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

/** After this long a key set is past its time, and used only while its issuer is out of reach. */
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

    it('[RS-OIDC-10.1.1-d] D-18: keys that were fetched before serve on, within their time and past it', async () => {
      expect((await application.ask(token)).status).toBe(200);
      await provider.stop();
      expect((await application.ask(token)).status).toBe(200);
      clock.advance(freshSeconds);
      expect((await application.ask(token)).status).toBe(200);
    });

    it('[RS-OIDC-10.1.1-d] D-08: without keys it is 503, until it is back and Retry-After is over', async () => {
      await provider.stop();
      const down = await application.ask(token);
      expect(down).toMatchObject({ ...unavailable('keys_unavailable'), handled: false });
      expect(down.retryAfter).toBeOneOf(Array.from({ length: 30 }, (_, at) => at + 1));
      await provider.start();
      expect((await application.ask(token)).status).toBe(503);
      clock.advance(Number(down.retryAfter));
      expect((await application.ask(token)).status).toBe(200);
    });
  });
}
