import { expect, it } from 'vitest';
import type { Seen } from '../suite/harness.js';
import type { Answered } from './application.js';
import type { Client } from './client.js';
import { user } from './interaction.js';
import { describeSigned } from './signed.js';

describeSigned('a token that oidc-provider signed with %s', (meet) => {
  it('is admitted as the client that got it for itself', async () => {
    const { client, application } = meet();
    const answered = await application.ask(await client.token('read write'));
    expectAdmitted(answered, client, { subject: client.clientId, scopes: ['read', 'write'] });
  });

  it('is admitted as the user who signed in, with what the client asked for of us', async () => {
    const { client, application } = meet();
    const { accessToken } = await client.signIn('read');
    expectAdmitted(await application.ask(accessToken), client, { subject: user, scopes: ['read'] });
  });

  it('is admitted when it was refreshed', async () => {
    const { client, application } = meet();
    const { accessToken, refresh } = await client.signIn('read');
    const refreshed = await refresh();
    expect(refreshed).not.toBe(accessToken);
    expectAdmitted(await application.ask(refreshed), client, { subject: user, scopes: ['read'] });
  });
});

function expectAdmitted(answered: Answered, { clientId }: Client, seen: Seen): void {
  expect(answered).toMatchObject({ status: 200, challenge: undefined, clientId, handled: true });
  expect(answered.body).toEqual(seen);
}
