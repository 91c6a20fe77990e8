/*
 * Opaque tokens are random characters whose meaning only the issuer knows. The API introspects them
 * at the issuer (RFC 7662), and a revoked token is refused at the next request.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { statusOf } from 'example-stage/answers';
import { tellStory } from 'example-stage/story';
import { createApi } from './api.js';

const audience = 'https://api.example.com';

await tellStory('Opaque tokens, introspected', async ({ listen, expect, onEnd }) => {
  const issuer = await createMockIssuer({ audience, accessTokenFormat: 'opaque' });
  onEnd(() => issuer.close());
  const api = await listen(createApi({ issuer: issuer.issuer, audience, ...issuer.resourceServer }));
  const ask = (token: string) => statusOf(`${api}/reports`, token);
  const calls = () => issuer.requests.count('introspection');

  const token = await issuer.token({ subject: 'ada', scope: 'read' });
  expect('an active token', await ask(token), 200);
  issuer.faults.introspection('slow', { delaySeconds: 0.5 });
  expect('the same token in a hundred concurrent requests: introspection calls', await callsFor(100), 1);
  issuer.faults.clear();
  expect('an active token without the scope', await ask(await issuer.token({ scope: 'write' })), 403);
  expect('an active token for another API', await ask(await issuer.bad.wrongAudience({ scope: 'read' })), 401);
  expect('a made-up token', await ask('made-up'), 401);

  const jwt = await issuer.token({ scope: 'read', format: 'jwt' });
  const before = calls();
  expect('a JWT is verified by the API itself', await ask(jwt), 200);
  expect('introspection calls for the JWT', calls() - before, 0);

  issuer.revoke(token);
  expect('a revoked token, at the next request', await ask(token), 401);

  issuer.faults.introspection('down');
  expect('the issuer is down: a server error, not 401', await ask(await issuer.token({ scope: 'read' })), 503);

  /** The number of introspection calls for concurrent requests with one token. */
  async function callsFor(requests: number): Promise<number> {
    const earlier = calls();
    await Promise.all(Array.from({ length: requests }, () => ask(token)));
    return calls() - earlier;
  }
});
