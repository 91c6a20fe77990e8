/*
 * A job that runs at night, without a user who could sign in. It gets a token with its own
 * credentials, and uses it until shortly before it expires. The OAuth code is in job.ts.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { createApi } from './api.js';
import { createJob } from './job.js';

const audience = 'https://figures.example.com';
const credentials = { clientId: 'nightly', clientSecret: 'a-secret-of-the-job' };

await tellStory(
  'Client credentials: a job that calls an API, without a user',
  async ({ listen, say, expect, onEnd }) => {
    const issuer = await createMockIssuer({
      audience,
      clients: [
        {
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          grant_types: ['client_credentials'],
          scope: 'figures:read figures:write',
        },
      ],
    });
    onEnd(() => issuer.close());
    const { clock } = issuer;
    const api = await listen(createApi({ issuer: issuer.issuer, audience, clock }));
    const settings = { ...credentials, issuer: issuer.issuer, api, now: () => clock.now(), scope: 'figures:read' };
    const tokenRequests = () => issuer.requests.count('token');

    say('The job runs every night');
    expect('the API, without a token', await statusOf(`${api}/figures`), 401);
    const job = await createJob(settings);
    const answer = await job.call('GET', '/figures');
    expect('the API, with a token of the job', answer.status, 200);
    expect('its response: the subject of the token is the job', await answer.json(), {
      figures: [3, 5],
      of: 'nightly',
    });
    for (let run = 0; run < 10; run++) await job.call('GET', '/figures');
    expect('token requests for eleven calls', tokenRequests(), 1);

    say('The token expires after five minutes');
    const early = await issuer.token({ scope: 'figures:read', clientId: 'nightly', expiresInSeconds: 300 });
    clock.advance(331);
    expect(
      'the API, with a token that has expired more than its tolerance of 30 seconds ago',
      await statusOf(`${api}/figures`, early),
      401,
    );
    expect('the API, called by the job again', (await job.call('GET', '/figures')).status, 200);
    expect('token requests so far: the job replaced the token in time, and no call failed', tokenRequests(), 2);

    say('A job may do what the scope of its token permits');
    expect('closing the month with figures:read', (await job.call('POST', '/figures/close')).status, 403);
    const closing = await createJob({ ...settings, scope: 'figures:write' });
    expect('closing the month with figures:write', (await closing.call('POST', '/figures/close')).status, 204);
    const greedy = await createJob({ ...settings, scope: 'figures:delete' });
    const tooMuch =
      "invalid_scope: the client 'nightly' is not registered for the scope 'figures:delete'; it has 'figures:read figures:write'";
    expect('a scope that the client is not registered for', await refusalOf(greedy.call('GET', '/figures')), tooMuch);
    const impostor = await createJob({ ...settings, clientSecret: 'guessed' });
    expect(
      'a wrong client secret',
      (await refusalOf(impostor.call('GET', '/figures'))).split(':')[0],
      'invalid_client',
    );
  },
);
