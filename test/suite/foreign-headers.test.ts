import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignHeaders, headersInFront, type Running } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { audience } from './world.js';

/*
 * Middleware in front of `auth()` that has set headers for another response before the request is
 * refused.
 */

let issuer: MockIssuer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterAll(() => issuer.close());

describe.each(harnesses.filter(({ name }) => name !== 'core'))(
  'response headers that other middleware set, in $name',
  (harness) => {
    let application: Running;
    beforeAll(async () => {
      application = await harness.start({ issuer: issuer.issuer, audience });
    });
    afterAll(() => application.close());

    it('a refusal drops the entity and caching headers that earlier middleware set', async () => {
      const plain = await application.send({ target: '/read' });
      const refused = await application.send({ target: '/read', headers: [[headersInFront, '1']] });
      expect([refused.status, refused.body]).toEqual([401, plain.body]);
      const sent = new Map(refused.headers);
      expect(sent.get('content-length') ?? String(plain.body.length)).toBe(String(plain.body.length));
      const others = Object.keys(foreignHeaders).filter((name) => name !== 'Content-Length');
      expect(others.filter((name) => sent.has(name.toLowerCase()))).toEqual([]);
      expect(sent.get('www-authenticate')).toBe('Bearer realm="api"');
    });
  },
);
