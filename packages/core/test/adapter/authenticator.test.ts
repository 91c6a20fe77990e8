import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator, type Judge } from '../../src/adapter/authenticator.js';
import type { Policy } from '../../src/model/policy.js';
import type { HttpRequest } from '../../src/model/request.js';
import { claim, scope, where } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { fakeAuth } from '../../src/testing.js';
import { ownView } from '../support/own-view.js';
import { authOf, bearer, denialOf, headerOf, nobody, offlineServerOf, verdict } from '../support-network/ask.js';
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

async function at(judge: Judge<[]>, request: HttpRequest): Promise<string> {
  return verdict((await judge(request)).decision);
}

describe('a guard', () => {
  it('without a gate in front of it is a mistake of ours: 500, closed, and told to no client', async () => {
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

  it('believes only what a gate wrote for this very request', async () => {
    const request = native(bearer(token));
    Object.assign(request.identity, { auth: fakeAuth({ scopes: ['read'] }), user: {}, server });
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
    await authenticator.gate(server)(native(bearer(token)));
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
    await authenticator.gate(server)(request);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    expect(await at(new Authenticator<[]>(ownView).guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('behind a gate judges its policy for whom the gate admitted', async () => {
    const request = native(bearer(token));
    await authenticator.gate(server)(request);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    const denial = denialOf((await authenticator.guard(scope('write'))(request)).decision);
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      403,
      expect.stringContaining('scope="write"'),
    ]);
  });

  it('shows its condition the request it guards', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    await authenticator.gate(server)(request);
    const mine = where('mine', (_, { url }) => url === '/mine');
    expect(await at(authenticator.guard(mine), request)).toBe('granted');
    expect(await at(authenticator.guard(mine), { ...request, url: '/theirs' })).toBe('claim_insufficient');
  });

  it('follows a policy written by hand that is changed after it was made', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    await authenticator.gate(server)(request);
    const policies: Policy[] = [scope('read')];
    const guard = authenticator.guard({ kind: 'allOf', policies });
    expect(await at(guard, request)).toBe('granted');
    policies.push(where('mine', (_, { url }) => url === '/mine'));
    expect(await at(guard, request)).toBe('granted');
    expect(await at(guard, { ...request, url: '/theirs' })).toBe('claim_insufficient');
  });

  it('behind a gate that admitted nobody is 401 and names the scope', async () => {
    const request = native(nobody());
    expect(await at(authenticator.gate(server, { credentials: 'optional' }), request)).toBe('granted');
    const denial = denialOf((await authenticator.guard(scope('read', 'write'))(request)).decision);
    expect([denial.status, headerOf(denial, 'WWW-Authenticate')]).toEqual([
      401,
      'Bearer realm="api", scope="read write"',
    ]);
    expect(await at(authenticator.guard(where('anybody', () => true)), request)).toBe('credentials_missing');
  });

  it('does not take credentials that arrived after the gate', async () => {
    const request = native(nobody());
    await authenticator.gate(server, { credentials: 'optional' })(request);
    const later = { ...request, rawHeaders: ['Authorization', `Bearer ${token}`] };
    expect(await at(authenticator.guard(scope('read')), later)).toBe('credentials_missing');
  });

  it('behind a gate that refused is closed', async () => {
    const request = native(nobody());
    expect(await at(authenticator.gate(server), request)).toBe('credentials_missing');
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('answers as its gate does', async () => {
    const request = native(bearer(token));
    await authenticator.gate(server, { onDenied: 'delegate' })(request);
    expect((await authenticator.guard(scope('write'))(request)).onDenied).toBe('delegate');
    const answer = () => {};
    await authenticator.gate(server, { onDenied: answer })(request);
    expect((await authenticator.guard(scope('write'))(request)).onDenied).toBe(answer);
  });
});

describe('a gate', () => {
  it('of one server judges a request once, however often it is passed', async () => {
    const request = native(bearer(token));
    const messages = await decisionsDuring(async () => {
      for (const gate of [authenticator.gate(server), authenticator.gate(server)])
        expect(await at(gate, request)).toBe('granted');
    });
    expect(messages).toHaveLength(1);
  });

  it('of another server judges again, and what it says replaces what was said before', async () => {
    const request = native(bearer(token));
    const messages = await decisionsDuring(async () => {
      await authenticator.gate(server)(request);
      await authenticator.gate(other)(request);
    });
    expect(messages).toHaveLength(2);
    expect(() => authenticator.getAuth(request.identity, { from: server })).toThrow(TypeError);
    expect(authenticator.getAuth(request.identity, { from: other }).scopes).toEqual(['read']);
  });

  it('of another server that refuses leaves nobody admitted', async () => {
    const request = native(bearer(await issuer.token({ scope: 'read' })));
    expect(await at(authenticator.gate(server), request)).toBe('granted');
    expect(await at(authenticator.gate(other), request)).toBe('audience_mismatch');
    expect(() => authenticator.getAuth(request.identity)).toThrow(TypeError);
    expect(await at(authenticator.guard(scope('read')), request)).toBe('guard_without_auth');
  });

  it('that requires somebody is not satisfied by one that did not', async () => {
    const request = native(nobody());
    expect(await at(authenticator.gate(server, { credentials: 'optional' }), request)).toBe('granted');
    expect(await at(authenticator.gate(server), request)).toBe('credentials_missing');
  });

  it('follows its own credentials, else those of its server', async () => {
    const optional = offlineServerOf(issuer, { credentials: 'optional' });
    expect(await at(authenticator.gate(optional), native(nobody()))).toBe('granted');
    expect(await at(authenticator.gate(optional, { credentials: 'required' }), native(nobody()))).toBe(
      'credentials_missing',
    );
  });

  it('makes a server where it is given options', async () => {
    const jwks = { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
    const options = { issuer: { issuer: issuer.issuer, jwks }, audience: null, clock: issuer.clock };
    const request = native(bearer(token));
    const { decision } = await authenticator.gate(options)(request);
    expect(authenticator.getAuth(request.identity)).toBe(authOf(decision));
  });
});

describe('a server that was not made here', () => {
  /** The server behind another one, whose answers are thenables that keep to themselves what comes of them. */
  function behind(seen: unknown[]): ResourceServer {
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

  it('may answer with any thenable', async () => {
    const request = native(bearer(token));
    const gate = authenticator.gate(behind([]));
    expect(await at(gate, request)).toBe('granted');
    expect(await at(authenticator.guard(scope('read')), request)).toBe('granted');
    expect(await at(authenticator.guard(scope('write')), request)).toBe('scope_insufficient');
    expect(await at(gate, native(nobody()))).toBe('credentials_missing');
  });

  it('is shown the request, whatever the policy', async () => {
    const request = native(bearer(token, { url: '/mine' }));
    const seen: unknown[] = [];
    await authenticator.gate(behind(seen))(request);
    await authenticator.guard(scope('read'))(request);
    expect(seen).toEqual(['/mine']);
  });
});

describe('a test double', () => {
  it('stands for whichever server is asked about, and no gate judges it', async () => {
    const request = native(nobody());
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
