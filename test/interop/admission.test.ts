import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seen } from '../suite/harness.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Answered, type Application, openApplication } from './application.js';
import { type Client, discoverClient } from './client.js';
import { user } from './interaction.js';
import { algorithms, mintKeys } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

let provider: RunningProvider;

beforeAll(async () => {
  provider = await startProvider(await mintKeys());
});

afterAll(() => provider.stop());

for (const harness of harnesses) {
  describe(harness.name, () => {
    let application: Application;

    beforeAll(async () => {
      application = await openApplication(harness, provider.issuer);
    });

    afterAll(() => application.close());

    describe.each(algorithms)('a token that oidc-provider signed with %s', (alg) => {
      let client: Client;

      beforeAll(async () => {
        client = await discoverClient(provider.issuer, alg);
      });

      it('is admitted as the client that got it for itself', async () => {
        const answered = await application.ask(await client.token('read write'));
        expectAdmitted(answered, client, { subject: client.clientId, scopes: ['read', 'write'] });
      });

      it('is admitted as the user who signed in, with what the client asked for of us', async () => {
        const { accessToken } = await client.signIn('read');
        expectAdmitted(await application.ask(accessToken), client, { subject: user, scopes: ['read'] });
      });

      it('is admitted when it was refreshed', async () => {
        const { accessToken, refresh } = await client.signIn('read');
        const refreshed = await refresh();
        expect(refreshed).not.toBe(accessToken);
        expectAdmitted(await application.ask(refreshed), client, { subject: user, scopes: ['read'] });
      });
    });
  });
}

function expectAdmitted(answered: Answered, { clientId }: Client, seen: Seen): void {
  expect(answered).toMatchObject({ status: 200, challenge: undefined, clientId, handled: true });
  expect(answered.body).toEqual(seen);
}
