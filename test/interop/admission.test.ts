import { expect, it } from 'vitest';
import type { Seen } from '../suite/harness.js';
import type { Answered } from './application.js';
import type { Client } from './client.js';
import { user } from './interaction.js';
import { describeSigned } from './signed.js';

describeSigned('a token that oidc-provider signed with %s', (fixture) => {
  it('a client credentials token is accepted, with the client as its subject', async () => {
    const { client, application } = fixture();
    const answered = await application.send(await client.token('read write'));
    expectAccepted(answered, client, { subject: client.clientId, scopes: ['read', 'write'] });
  });

  it('a token of the authorization code grant is accepted, with the user and the granted scopes', async () => {
    const { client, application } = fixture();
    const { accessToken } = await client.signIn('read');
    expectAccepted(await application.send(accessToken), client, { subject: user, scopes: ['read'] });
  });

  it('a token of the refresh token grant is accepted', async () => {
    const { client, application } = fixture();
    const { accessToken, refresh } = await client.signIn('read');
    const refreshed = await refresh();
    expect(refreshed).not.toBe(accessToken);
    expectAccepted(await application.send(refreshed), client, { subject: user, scopes: ['read'] });
  });
});

function expectAccepted(answered: Answered, { clientId }: Client, seen: Seen): void {
  expect(answered).toMatchObject({ status: 200, challenge: undefined, clientId, handled: true });
  expect(answered.body).toEqual(seen);
}
