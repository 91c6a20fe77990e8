import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { type Client, discoverClient } from './client.js';
import { otherApi } from './configuration.js';
import { algorithms, mintKeys } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

/** What oidc-provider issues and we refuse, and a forgery of it. */
const refusals = [
  {
    law: 'a token without the scope of the route is 403',
    present: (client: Client) => client.token('write'),
    expected: forbidden('scope_insufficient', 'read'),
  },
  {
    law: 'a token for another API is 401',
    present: (client: Client) => client.token('read', otherApi),
    expected: badToken('audience_mismatch'),
  },
  {
    law: 'an ID token is 401',
    present: async (client: Client) => (await client.signIn('read')).idToken,
    expected: badToken('type_refused'),
  },
  {
    law: 'a token whose scopes were changed is 401',
    present: async (client: Client) => withOtherClaims(await client.token('write'), { scope: 'read' }),
    expected: badToken('signature_invalid'),
  },
  {
    law: 'a token for no resource, which is opaque, is 401',
    present: (client: Client) => client.tokenForNobody(),
    expected: badToken('token_opaque'),
  },
];

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

    describe.each(algorithms)('of what oidc-provider signs with %s', (alg) => {
      let client: Client;

      beforeAll(async () => {
        client = await discoverClient(provider.issuer, alg);
      });

      for (const { law, present, expected } of refusals) {
        it(law, async () => {
          expect(await application.ask(await present(client))).toMatchObject({ ...expected, handled: false });
          expect((await application.ask(await client.token('read'))).status).toBe(200);
        });
      }
    });
  });
}

/** The token with other claims, under the signature that it had. */
function withOtherClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}
