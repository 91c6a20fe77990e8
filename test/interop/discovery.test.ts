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

/** What becomes of a token of the issuer in an application that is told the name of the issuer alone. */
async function statusOfToken(harness: Harness, issuer: string): Promise<number> {
  const application = await openApplication(harness, issuer);
  const client = await discoverClient(issuer, 'ES256');
  const { status } = await application.ask(await client.token());
  await application.close();
  return status;
}

for (const harness of harnesses) {
  describe(harness.name, () => {
    it('[RS-8414-3-a] finds the keys of an oidc-provider by its issuer alone', async () => {
      provider = await startProvider([await key]);
      const { issuer } = provider;
      expect(await statusOf(`${issuer}/.well-known/oauth-authorization-server`)).toBe(200);
      expect(await statusOfToken(harness, issuer)).toBe(200);
    });

    it('[RS-8414-5-a] finds those of one with a path, whose metadata is behind the path and nowhere else', async () => {
      provider = await startProvider([await key], { path: '/realms/one' });
      const { issuer } = provider;
      const { origin, pathname } = new URL(issuer);
      expect(await statusOf(`${origin}/.well-known/oauth-authorization-server${pathname}`)).toBe(404);
      expect(await statusOf(`${issuer}/.well-known/openid-configuration`)).toBe(200);
      expect(await statusOfToken(harness, issuer)).toBe(200);
    });
  });
}
