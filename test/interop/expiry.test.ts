import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { badToken } from '../suite/expected.js';
import { harnesses } from '../suite/harnesses/index.js';
import { openApplication } from './application.js';
import { discoverClient } from './client.js';
import { algorithms, mintKeys } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

const toleranceSeconds = 30;
let provider: RunningProvider;

beforeAll(async () => {
  provider = await startProvider(await mintKeys());
});

afterAll(() => provider.stop());

for (const harness of harnesses) {
  describe(harness.name, () => {
    it.each(algorithms)(
      'a token that oidc-provider signed with %s is accepted until its exp plus the tolerance, and 401 afterwards [RS-9068-4-h]',
      async (alg) => {
        const client = await discoverClient(provider.issuer, alg);
        const token = await client.token('read');
        const clock = frozenClock(Date.now());
        const application = await openApplication(harness, provider.issuer, clock);
        const end = Number(decodeJwt(token).exp) + toleranceSeconds;
        clock.advance(end - 1 - clock.now() / 1000);
        expect((await application.send(token)).status).toBe(200);
        clock.advance(1);
        expect(await application.send(token)).toMatchObject({ ...badToken('token_expired'), handled: false });
        await application.close();
      },
    );
  });
}
