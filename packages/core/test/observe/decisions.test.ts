import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { anonymous, bearer, offlineServerOf } from '../support-network/ask.js';
import { decisionsDuring } from '../support-network/watch.js';

let issuer: MockIssuer;
let server: ResourceServer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer, { tokenElsewhere: 'reject' });
});

afterAll(() => issuer.close());

describe('decisions on the diagnostics channel', () => {
  it('the message of a grant has granted, issuer and scheme', async () => {
    const token = await issuer.token();
    expect(await decisionsDuring(() => server.check(bearer(token)))).toEqual([
      { granted: true, issuer: issuer.issuer, scheme: 'Bearer' },
    ]);
  });

  it('the message of an accepted anonymous request has only granted', async () => {
    const work = () => server.check(anonymous(), { credentials: 'optional' });
    expect(await decisionsDuring(work)).toEqual([{ granted: true }]);
  });

  it('the message of a refusal has status and code, and the issuer only if it is trusted', async () => {
    const messages = await decisionsDuring(async () => {
      await server.check(anonymous());
      await server.check(anonymous({ url: '/?access_token=x' }));
      await server.check(bearer(await issuer.bad.expired()));
      await server.check(bearer(await issuer.bad.wrongIssuer()));
      await server.check(bearer(await issuer.token()), { policy: scope('write') });
    });
    const known = { granted: false, issuer: issuer.issuer, scheme: 'Bearer' };
    expect(messages).toEqual([
      { granted: false, status: 401, code: 'credentials_missing' },
      { granted: false, status: 400, code: 'token_elsewhere' },
      { ...known, status: 401, code: 'token_expired' },
      { granted: false, scheme: 'Bearer', status: 401, code: 'issuer_untrusted' },
      { ...known, status: 403, code: 'scope_insufficient' },
    ]);
  });

  it('checkToken and authorize publish a message too', async () => {
    const token = await issuer.token({ scope: 'read' });
    const messages = await decisionsDuring(async () => {
      const decision = await server.checkToken(token);
      if (!decision.granted || decision.auth === null) throw new Error('refused');
      await server.authorize(decision.auth, scope('write'));
    });
    expect(messages.map(({ granted, code }) => [granted, code])).toEqual([
      [true, undefined],
      [false, 'scope_insufficient'],
    ]);
  });

  it('messages are frozen and have no token and no claim [RS-6750-5.3-b] [RS-9700-4.9.2-a]', async () => {
    const claims = { email: 's3cret@example.com', jti: 's3cret-jti' };
    const tokens = [
      await issuer.token({ subject: 's3cret-sub', clientId: 's3cret-client', scope: 's3cret-scope', claims }),
      ...(await Promise.all([issuer.bad.tampered({ claims }), issuer.bad.unknownKey({ claims })])),
      ...(await Promise.all([issuer.bad.wrongAudience({ claims }), issuer.bad.oversized({ claims })])),
    ];
    const messages = await decisionsDuring(async () => {
      for (const token of tokens) await server.check(bearer(token));
    });
    expect(messages).toHaveLength(tokens.length);
    const text = JSON.stringify(messages);
    expect(text).not.toContain('s3cret');
    for (const segment of tokens.flatMap((token) => token.split('.'))) expect(text).not.toContain(segment);
    for (const message of messages) expect(Object.isFrozen(message)).toBe(true);
  });
});
