import { afterEach, describe, expect, it } from 'vitest';
import type { Harness } from '../suite/harness.js';
import { harnesses } from '../suite/harnesses/index.js';
import { openApplication } from './application.js';
import { discoverClient } from './client.js';
import { mintKey } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

const key = mintKey('ES256');
let provider: RunningProvider | undefined;

afterEach(() => provider?.stop());

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/**
 * The status for a token of the issuer, in an application that is given the issuer identifier only.
 */
async function statusOfToken(harness: Harness, issuer: string): Promise<number> {
  const application = await openApplication(harness, issuer);
  const client = await discoverClient(issuer, 'ES256');
  const { status } = await application.send(await client.token());
  await application.close();
  return status;
}

for (const harness of harnesses) {
  describe(harness.name, () => {
    it('the keys of an oidc-provider are found by its issuer identifier alone [RS-8414-3-a]', async () => {
      provider = await startProvider([await key]);
      const { issuer } = provider;
      expect(await statusOf(`${issuer}/.well-known/oauth-authorization-server`)).toBe(200);
      expect(await statusOfToken(harness, issuer)).toBe(200);
    });

    it('the keys of an issuer with a path are found when its metadata is only behind the path [RS-8414-5-a]', async () => {
      provider = await startProvider([await key], { path: '/realms/one' });
      const { issuer } = provider;
      const { origin, pathname } = new URL(issuer);
      expect(await statusOf(`${origin}/.well-known/oauth-authorization-server${pathname}`)).toBe(404);
      expect(await statusOf(`${issuer}/.well-known/openid-configuration`)).toBe(200);
      expect(await statusOfToken(harness, issuer)).toBe(200);
    });
  });
}
