import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import type { Client } from './client.js';
import { otherApi } from './configuration.js';
import { describeSigned } from './signed.js';

/** Tokens of oidc-provider that must be refused, and a forged one. */
const refusals = [
  {
    title: 'a token of oidc-provider without the scope of the route is 403',
    present: (client: Client) => client.token('write'),
    expected: forbidden('scope_insufficient', 'read'),
  },
  {
    title: 'a token of oidc-provider for another API is 401',
    present: (client: Client) => client.token('read', otherApi),
    expected: badToken('audience_mismatch'),
  },
  {
    title: 'an ID token of oidc-provider is 401',
    present: async (client: Client) => (await client.signIn('read')).idToken,
    expected: badToken('type_refused'),
  },
  {
    title: 'a token of oidc-provider whose scopes were changed is 401',
    present: async (client: Client) => withOtherClaims(await client.token('write'), { scope: 'read' }),
    expected: badToken('signature_invalid'),
  },
  {
    title: 'an opaque token of oidc-provider, issued without a resource, is 401 without introspection',
    present: (client: Client) => client.tokenWithoutResource(),
    expected: badToken('token_opaque'),
  },
];

describeSigned('tokens that oidc-provider signs with %s', (fixture) => {
  for (const { title, present, expected } of refusals) {
    it(title, async () => {
      const { client, application } = fixture();
      expect(await application.send(await present(client))).toMatchObject({ ...expected, handled: false });
      expect((await application.send(await client.token('read'))).status).toBe(200);
    });
  }
});

/** The token with other claims and its original signature. */
function withOtherClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}
