import { describe, expect, it } from 'vitest';
import { parseAuthMiddlewareOptions } from '../../src/adapter/auth-middleware-options.js';
import { Authenticator } from '../../src/adapter/authenticator.js';
import type { Policy } from '../../src/model/policy.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer } from '../../src/resource-server.js';
import { ownView } from '../support/own-view.js';
import { good, refusedOption } from '../support-network/options.js';

const server = createResourceServer(good);
const authenticator = new Authenticator<[]>(ownView);

function gateWith(options: Readonly<Record<string, unknown>>): () => unknown {
  return () => authenticator.gate(server, options);
}

describe('options of auth()', () => {
  it('auth() by default answers refusals and takes `credentials` from the server', () => {
    expect(parseAuthMiddlewareOptions({})).toEqual({ onDenied: 'respond', check: undefined });
  });

  it.each(['respond', 'delegate', () => {}, undefined])('auth() accepts onDenied %s', (onDenied) => {
    expect(refusedOption(gateWith({ onDenied }))).toBeUndefined();
  });

  it.each(['throw', '', null, true, {}])('auth() refuses onDenied %j', (onDenied) => {
    expect(refusedOption(gateWith({ onDenied }))).toBe('onDenied');
  });

  it.each(['required', 'optional', undefined])('auth() accepts credentials %s', (credentials) => {
    expect(refusedOption(gateWith({ credentials }))).toBeUndefined();
  });

  it.each(['Optional', '', null, false])('auth() refuses credentials %j', (credentials) => {
    expect(refusedOption(gateWith({ credentials }))).toBe('credentials');
  });

  it('auth() refuses an unknown option name', () => {
    expect(refusedOption(gateWith({ ondenied: 'delegate' }))).toBe('ondenied');
    expect(refusedOption(gateWith({ issuer: 'https://as.example' }))).toBe('issuer');
  });

  it.each([undefined, null, 'https://as.example', {}])(
    'auth() refuses an argument that is neither a server nor options: %j',
    (source) => {
      const refused = refusedOption(() => authenticator.gate(source as unknown as ResourceServerOptions));
      expect(refused).toMatch(/^(options|issuer)$/);
    },
  );
});

describe('the policy of a guard', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a scope as text', 'read'],
    ['an unknown kind', { kind: 'role', name: 'admin' }],
    ['a kind from Object.prototype', { kind: 'constructor' }],
    ['no scopes', { kind: 'scope', scopes: [] }],
    ['no policies', { kind: 'allOf', policies: [] }],
    ['an invalid nested policy', { kind: 'anyOf', policies: [{ kind: 'scope', scopes: ['a b'] }] }],
  ])('an invalid policy is refused when the guard is created: %s', (_, policy) => {
    expect(refusedOption(() => authenticator.guard(policy as Policy))).toBe('policy');
    expect(refusedOption(() => authenticator.guard({ kind: 'scope', scopes: ['a'] }))).toBeUndefined();
  });

  it('the Authenticator refuses a request without an identity', async () => {
    const request = { method: 'GET', url: '/', rawHeaders: [] };
    await expect(async () => authenticator.gate(server, { credentials: 'optional' })(request)).rejects.toThrow(
      TypeError,
    );
    const { decision } = await authenticator.guard({ kind: 'scope', scopes: ['a'] })(request);
    expect(decision.granted).toBe(false);
  });
});
