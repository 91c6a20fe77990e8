import { setImmediate as nextImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { badToken } from '../suite/expected.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { type Client, discoverClient } from './client.js';
import { mintKey } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

/** How long a key set is fresh without a max-age; oidc-provider sends none. */
const freshSeconds = 600;
const [oldKey, newKey] = [mintKey('ES256'), mintKey('ES256')];

for (const harness of harnesses) {
  describe(`${harness.name}: oidc-provider rotates its keys`, () => {
    let provider: RunningProvider;
    let client: Client;
    let clock: FrozenClock;
    let application: Application;

    beforeEach(async () => {
      provider = await startProvider([await oldKey]);
      client = await discoverClient(provider.issuer, 'ES256');
      clock = frozenClock(Date.now());
      application = await openApplication(harness, provider.issuer, clock);
    });

    afterEach(async () => {
      await application.close();
      await provider.stop();
    });

    it('while the old key is still published, tokens of both keys are accepted (D-17) [RS-OIDC-10.1.1-a]', async () => {
      const oldToken = await client.token();
      // The old key is cached, so that the new kid is unknown at first.
      expect((await application.send(oldToken)).status).toBe(200);
      const tokens = [oldToken];
      const statuses = await underLoad(application, tokens, async () => {
        provider.replace([await newKey, await oldKey]);
        const newToken = await client.token();
        tokens.push(newToken);
        expect((await application.send(newToken)).status).toBe(200);
        clock.advance(freshSeconds);
        for (const token of tokens) expect((await application.send(token)).status).toBe(200);
      });
      expect(statuses.length).toBeGreaterThan(tokens.length);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    });

    it('a token under a key that is no longer published is refused once the key set has expired (D-16) [RS-OIDC-10.1.1-c]', async () => {
      provider.replace([await newKey, await oldKey]);
      const newToken = await client.token();
      provider.replace([await oldKey, await newKey]);
      const oldToken = await client.token();
      for (const token of [oldToken, newToken]) expect((await application.send(token)).status).toBe(200);
      provider.replace([await newKey]);
      expect((await application.send(oldToken)).status).toBe(200);
      clock.advance(freshSeconds);
      expect(await application.send(oldToken)).toMatchObject({ ...badToken('key_unknown'), handled: false });
      expect((await application.send(newToken)).status).toBe(200);
    });
  });
}

/** Sends the tokens, several at once, while `change` runs and once more after it. */
async function underLoad(
  application: Application,
  tokens: readonly string[],
  change: () => Promise<void>,
): Promise<readonly number[]> {
  const statuses: number[] = [];
  let isChanging = true;
  const present = async () => {
    for (const token of [...tokens]) statuses.push((await application.send(token)).status);
    // Without a socket a cached token is answered without a turn of the event loop; yield to
    // others.
    await nextImmediate();
  };
  const lanes = Array.from({ length: 3 }, async () => {
    while (isChanging) await present();
    await present();
  });
  try {
    await change();
  } finally {
    isChanging = false;
    await Promise.all(lanes);
  }
  return statuses;
}
