import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import type { Client } from './client.js';
import { otherApi } from './configuration.js';
import { describeSigned } from './signed.js';

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

describeSigned('of what oidc-provider signs with %s', (meet) => {
  for (const { law, present, expected } of refusals) {
    it(law, async () => {
      const { client, application } = meet();
      expect(await application.ask(await present(client))).toMatchObject({ ...expected, handled: false });
      expect((await application.ask(await client.token('read'))).status).toBe(200);
    });
  }
});

/** The token with other claims, under the signature that it had. */
function withOtherClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}
