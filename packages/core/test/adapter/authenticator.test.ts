import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator, type RequestCheck } from '../../src/adapter/authenticator.js';
import type { Policy } from '../../src/model/policy.js';
import type { HttpRequest } from '../../src/model/request.js';
import { claim, scope, where } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { fakeAuth } from '../../src/testing.js';
import { ownView } from '../support/own-view.js';
import { anonymous, authOf, bearer, denialOf, headerOf, offlineServerOf, verdict } from '../support-network/ask.js';
import { decisionsDuring } from '../support-network/watch.js';

let issuer: MockIssuer;
let server: ResourceServer;
let other: ResourceServer;
let token: string;
let authenticator: Authenticator<[]>;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer);
  other = offlineServerOf(issuer, { audience: 'https://other.example' });
  token = await issuer.token({ scope: 'read', audience: ['https://api.example.com', 'https://other.example'] });
});

afterAll(() => issuer.close());

beforeEach(() => {
  authenticator = new Authenticator(ownView);
});

function native(request: HttpRequest): HttpRequest & { identity: object } {
  return { ...request, identity: {} };
}

async function at(check: RequestCheck<[]>, request: HttpRequest): Promise<string> {
  return verdict((await check(request)).decision);
}

describe('a guard of the Authenticator', () => {
  it('a guard without auth() before it causes a 500 response, and the client sees no reason', async () => {
    const { decision, onDenied } = await authenticator.guard(scope('read'))(native(bearer(token)));
    const denial = denialOf(decision);
    expect([denial.status, denial.error.code, onDenied]).toEqual([500, 'guard_without_auth', 'respond']);
    expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
    expect(headerOf(denial, 'Cache-Control')).toBe('no-store');
    expect(JSON.parse(denial.body)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Internal error',
    });
  });

  it('a guard accepts only the record that auth() wrote for this same request', async () => {
    const request = native(bearer(token));
    Object.assign(request.identity, { auth: fakeAuth({ scopes: ['read'] }), user: {}, server });
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
    await authenticator.gate(server)(native(bearer(token)));
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
    await authenticator.gate(server)(request);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    expect(await at(new Authenticator<[]>(ownView).guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('a guard evaluates its policy for the auth of the preceding auth()', async () => {
    const request = native(bearer(token));
    await authenticator.gate(server)(request);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    const denial = denialOf((await authenticator.guard(scope('write'))(request)).decision);
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      403,
      expect.stringContaining('scope="write"'),
    ]);
  });

  it('a guard passes the request that it guards to the condition', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    await authenticator.gate(server)(request);
    const mine = where('mine', (_, { url }) => url === '/mine');
    expect(await at(authenticator.guard(mine), request)).toBe('granted');
    expect(await at(authenticator.guard(mine), { ...request, url: '/theirs' })).toBe('claim_insufficient');
  });

  it('a guard evaluates later changes of a hand-written policy', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    await authenticator.gate(server)(request);
    const policies: Policy[] = [scope('read')];
    const guard = authenticator.guard({ kind: 'allOf', policies });
    expect(await at(guard, request)).toBe('granted');
    policies.push(where('mine', (_, { url }) => url === '/mine'));
    expect(await at(guard, request)).toBe('granted');
    expect(await at(guard, { ...request, url: '/theirs' })).toBe('claim_insufficient');
  });

  it('a guard answers an anonymous request with 401, and the challenge names the scope', async () => {
    const request = native(anonymous());
    expect(await at(authenticator.gate(server, { credentials: 'optional' }), request)).toBe('granted');
    const denial = denialOf((await authenticator.guard(scope('read', 'write'))(request)).decision);
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      401,
      'Bearer realm="api", scope="read write"',
    ]);
    expect(await at(authenticator.guard(where('always', () => true)), request)).toBe('credentials_missing');
  });

  it('a guard ignores credentials that were added to the request after auth()', async () => {
    const request = native(anonymous());
    await authenticator.gate(server, { credentials: 'optional' })(request);
    const later = { ...request, rawHeaders: ['Authorization', `Bearer ${token}`] };
    expect(await at(authenticator.guard(scope('read')), later)).toBe('credentials_missing');
  });

  it('a guard after a refusal of auth() refuses the request with guard_without_auth', async () => {
    const request = native(anonymous());
    expect(await at(authenticator.gate(server), request)).toBe('credentials_missing');
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('a guard answers with the onDenied of the preceding auth()', async () => {
    const request = native(bearer(token));
    await authenticator.gate(server, { onDenied: 'delegate' })(request);
    expect((await authenticator.guard(scope('write'))(request)).onDenied).toBe('delegate');
    const answer = () => {};
    await authenticator.gate(server, { onDenied: answer })(request);
    expect((await authenticator.guard(scope('write'))(request)).onDenied).toBe(answer);
  });
});

describe('an auth() gate of the Authenticator', () => {
  it('two auth() gates of one server check a request only once', async () => {
    const request = native(bearer(token));
    const messages = await decisionsDuring(async () => {
      for (const gate of [authenticator.gate(server), authenticator.gate(server)])
        expect(await at(gate, request)).toBe('granted');
    });
    expect(messages).toHaveLength(1);
  });

  it('auth() of another server checks the request again, and its result replaces the first one', async () => {
    const request = native(bearer(token));
    const messages = await decisionsDuring(async () => {
      await authenticator.gate(server)(request);
      await authenticator.gate(other)(request);
    });
    expect(messages).toHaveLength(2);
    expect(() => authenticator.getAuth(request.identity, { from: server })).toThrow(TypeError);
    expect(authenticator.getAuth(request.identity, { from: other }).scopes).toEqual(['read']);
  });

  it('a refusal by auth() of a second server removes the auth of the first', async () => {
    const request = native(bearer(await issuer.token({ scope: 'read' })));
    expect(await at(authenticator.gate(server), request)).toBe('granted');
    expect(await at(authenticator.gate(other), request)).toBe('audience_mismatch');
    expect(() => authenticator.getAuth(request.identity)).toThrow(TypeError);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('auth() with required credentials is not satisfied by an earlier optional auth()', async () => {
    const request = native(anonymous());
    expect(await at(authenticator.gate(server, { credentials: 'optional' }), request)).toBe('granted');
    expect(await at(authenticator.gate(server), request)).toBe('credentials_missing');
  });

  it('auth() uses its own credentials option, else the one of its server', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(await at(authenticator.gate(optional), native(anonymous()))).toBe('granted');
    expect(await at(authenticator.gate(optional, { credentials: 'required' }), native(anonymous()))).toBe(
      'credentials_missing',
    );
  });

  it('auth() creates a server when it is given options', async () => {
    const jwks = { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
    const options = { issuer: { issuer: issuer.issuer, jwks }, audience: null, clock: issuer.clock };
    const request = native(bearer(token));
    const { decision } = await authenticator.gate(options)(request);
    expect(authenticator.getAuth(request.identity)).toBe(authOf(decision));
  });
});

describe('a ResourceServer implementation from outside the library', () => {
  /** Wraps the server. Its answers are thenables whose `then` returns nothing. */
  function wrapped(seen: unknown[]): ResourceServer {
    const mute = <T>(answer: Promise<T>): Promise<T> =>
      // biome-ignore lint/suspicious/noThenProperty: what is tested
      ({ then: (...handlers: []) => void answer.then(...handlers) }) as unknown as Promise<T>;
    return {
      ...server,
      check: (request, options) => mute(server.check(request, options)),
      authorize(auth, policy, request) {
        seen.push(request?.url);
        return mute(server.authorize(auth, policy, request));
      },
    } as ResourceServer;
  }

  it('a foreign ResourceServer may answer with any thenable', async () => {
    const request = native(bearer(token));
    const gate = authenticator.gate(wrapped([]));
    expect(await at(gate, request)).toBe('granted');
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    expect(await at(authenticator.guard(scope('write')), request)).toBe('scope_insufficient');
    expect(await at(gate, native(anonymous()))).toBe('credentials_missing');
  });

  it('a foreign ResourceServer receives the request for every policy', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    const seen: unknown[] = [];
    await authenticator.gate(wrapped(seen))(request);
    await authenticator.guard(scope('read'))(request);
    expect(seen).toEqual(['/mine']);
  });
});

describe('Authenticator.pretend, the test double', () => {
  it('a pretended auth is valid for every server, and no auth() checks the request', async () => {
    const request = native(anonymous());
    authenticator.pretend(request.identity, fakeAuth({ scopes: ['read'], claims: { tenant: 'a' } }));
    const messages = await decisionsDuring(async () => authenticator.gate(server)(request));
    expect(messages).toEqual([]);
    expect(authenticator.getAuth(request.identity, { from: other }).scopes).toEqual(['read']);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    expect(await at(authenticator.guard(scope('write')), request)).toBe('scope_insufficient');
    expect(await at(authenticator.guard(claim('tenant', 'a')), request)).toBe('granted');
    expect(await at(authenticator.guard(claim('tenant', 'b')), request)).toBe('claim_insufficient');
  });
});
