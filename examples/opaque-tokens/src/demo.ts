/*
 * Tokens that say nothing: random characters, of which only the issuer knows what they are worth. The API asks it (RFC 7662),
 * and a token that is revoked is over with the next request.
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
  const questions = () => issuer.requests.count('introspection');

  const token = await issuer.token({ subject: 'ada', scope: 'read' });
  expect('a token that its issuer calls active', await ask(token), 200);
  issuer.faults.introspection('slow', { delaySeconds: 0.5 });
  expect('the same a hundred times while it is asked about: questions', await asked(100), 1);
  issuer.faults.clear();
  expect('active, but without the scope', await ask(await issuer.token({ scope: 'write' })), 403);
  expect('active, but for another API', await ask(await issuer.bad.wrongAudience({ scope: 'read' })), 401);
  expect('one that nobody issued', await ask('made-up'), 401);

  const jwt = await issuer.token({ scope: 'read', format: 'jwt' });
  const before = questions();
  expect('a JWT is verified here', await ask(jwt), 200);
  expect('and nobody is asked about it', questions() - before, 0);

  issuer.revoke(token);
  expect('revoked: over with the next request', await ask(token), 401);

  issuer.faults.introspection('down');
  expect('the issuer is down: our trouble, never 401', await ask(await issuer.token({ scope: 'read' })), 503);

  /** How many questions the issuer gets while so many requests bring one token. */
  async function asked(requests: number): Promise<number> {
    const earlier = questions();
    await Promise.all(Array.from({ length: requests }, () => ask(token)));
    return questions() - earlier;
  }
});
