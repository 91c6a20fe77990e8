import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/options/parse-options.js';
import { create, good, refusedOption } from '../support-network/options.js';

const clientAuthentication = { method: 'client_secret_basic', clientId: 'api', clientSecret: 's3cret' };
const least = { clientAuthentication };

/** The settings of an issuer with this introspection. */
function settingsOf(introspection: unknown, issuer: object = {}, server: object = {}) {
  const { issuers } = parseOptions({
    ...good,
    ...server,
    issuer: { issuer: 'https://as.example', ...issuer, introspection },
  });
  const [settings] = typeof issuers === 'function' ? [] : issuers;
  if (settings === undefined) throw new Error('no issuer');
  return settings;
}

function introspectionOf(introspection: unknown, issuer: object = {}, server: object = {}) {
  const { introspection: settings } = settingsOf(introspection, issuer, server);
  if (settings === undefined) throw new Error('no introspection');
  return settings;
}

function refused(introspection: unknown, issuer: object = {}): string | undefined {
  return refusedOption(() => create({ issuer: { issuer: 'https://as.example', ...issuer, introspection } }));
}

describe('issuer.introspection', () => {
  it('introspection is off by default', () => {
    expect(settingsOf(undefined).introspection).toBeUndefined();
  });

  it('introspection by default uses mode opaque, the metadata endpoint and unsigned answers', () => {
    const settings = introspectionOf(least);
    expect(settings).toMatchObject({ endpoint: undefined, mode: 'opaque', isSigned: false });
    expect(settings.claims).toEqual({
      profile: 'introspection',
      issuer: 'https://as.example',
      audience: ['https://api.example'],
      scopeClaims: ['scope'],
    });
    expect(settings).toSatisfy(Object.isFrozen);
  });

  it('introspection takes audience and scopeClaims of its issuer', () => {
    const { claims } = introspectionOf(least, { audience: 'https://other.example', scopeClaims: ['scp'] });
    expect(claims).toMatchObject({ audience: ['https://other.example'], scopeClaims: ['scp'] });
    expect(introspectionOf(least, { tokenProfile: 'jwt' }).claims.scopeClaims).toEqual(['scope']);
  });

  it('introspection takes endpoint, mode and signedResponse', () => {
    const given = { ...least, endpoint: new URL('https://in.example/x'), mode: 'always', signedResponse: true };
    const settings = introspectionOf(given);
    expect(settings).toMatchObject({ mode: 'always', isSigned: true });
    expect(settings.endpoint?.href).toBe('https://in.example/x');
  });

  it('a configured introspection endpoint is among the permitted hosts of its issuer', () => {
    const endpoint = 'https://in.example/x';
    expect([...settingsOf({ ...least, endpoint }).ownHosts]).toEqual(['as.example:443', 'in.example:443']);
    const { terms } = settingsOf({ ...least, endpoint }, {}, { keys: { allowedHosts: ['keys.example'] } });
    expect([...(terms.hosts ?? [])]).toEqual(['as.example:443', 'in.example:443', 'keys.example']);
  });

  it.each([null, 7, 'https://as.example/introspect', [], true, new Map()])('introspection refuses %j', (value) => {
    expect(refused(value)).toBe('issuer.introspection');
  });

  it.each<[string, object, string]>([
    ['an unknown name', { clientauthentication: {} }, '.clientauthentication'],
    ['an unknown mode', { mode: 'jwt' }, '.mode'],
    ['a mode null', { mode: null }, '.mode'],
    ['signedResponse as text', { signedResponse: 'true' }, '.signedResponse'],
    ['signedResponse null', { signedResponse: null }, '.signedResponse'],
    ['an endpoint that is not a URL', { endpoint: '/introspect' }, '.endpoint'],
    ['an empty endpoint', { endpoint: '' }, '.endpoint'],
    ['an endpoint null', { endpoint: null }, '.endpoint'],
    ['an endpoint over plain http', { endpoint: 'http://as.example/introspect' }, '.endpoint'],
    ['a loopback endpoint of a remote issuer', { endpoint: 'http://127.0.0.1/introspect' }, '.endpoint'],
    ['an endpoint with credentials', { endpoint: 'https://api:s3cret@as.example/' }, '.endpoint'],
    ['no client', { clientAuthentication: undefined }, '.clientAuthentication.method'],
    ['a client null', { clientAuthentication: null }, '.clientAuthentication.method'],
  ])('introspection refuses %s', (_, changes, name) => {
    expect(refused({ ...least, ...changes })).toBe(`issuer.introspection${name}`);
    expect(refused(least)).toBeUndefined();
  });

  it('an introspection error names the issuer by its index', () => {
    const issuers = ['https://as.example', { issuer: 'https://two.example', introspection: { ...least, mode: 'x' } }];
    expect(refusedOption(() => create({ issuer: issuers }))).toBe('issuer[1].introspection.mode');
  });

  it('the error for an introspection endpoint with credentials does not contain them', () => {
    expect(() => introspectionOf({ ...least, endpoint: 'https://api:s3cret@as.example/' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
    );
  });

  it('the cache identity separates issuers, endpoints and clients, and has no secret (D-23)', () => {
    const of = (changes: object, client: object = {}, issuer: object = {}) => {
      const authentication = { ...clientAuthentication, ...client };
      return JSON.stringify(introspectionOf({ clientAuthentication: authentication, ...changes }, issuer).identity);
    };
    const all = [
      of({}),
      of({ endpoint: 'https://in.example' }),
      of({}, { clientId: 'other' }),
      of({}, { clientSecret: 'other' }),
      of({}, { method: 'client_secret_post' }),
      of({}, {}, { issuer: 'https://two.example' }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(of({})).toBe(of({}));
    expect(all.join()).not.toContain('s3cret');
  });
});

describe('introspectionCache', () => {
  const times = { positiveSeconds: 30, negativeSeconds: 10 };

  it('introspectionCache is off by default (D-23)', () => {
    expect(parseOptions(good).introspectionCache).toBeUndefined();
  });

  it.each([
    [times, 10_000],
    [{ ...times, maxEntries: 1 }, 1],
    [{ ...times, maxEntries: 1_000_000 }, 1_000_000],
  ])('introspectionCache accepts %j, and maxEntries has a default (D-23)', (value, maxEntries) => {
    expect(parseOptions({ ...good, introspectionCache: value }).introspectionCache).toEqual({ ...times, maxEntries });
  });

  it.each([
    { positiveSeconds: 0, negativeSeconds: 0 },
    { positiveSeconds: 3600, negativeSeconds: 300 },
    { positiveSeconds: 0.5, negativeSeconds: 0.5 },
  ])('introspectionCache accepts the limits of its ranges: %j (D-23)', (value) => {
    expect(refusedOption(() => create({ introspectionCache: value }))).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['true', true, 'introspectionCache'],
    ['false', false, 'introspectionCache'],
    ['null', null, 'introspectionCache'],
    ['a number', 30, 'introspectionCache'],
    ['nothing', {}, 'introspectionCache.positiveSeconds'],
    ['no negativeSeconds', { positiveSeconds: 1 }, 'introspectionCache.negativeSeconds'],
    ['an unknown name', { ...times, seconds: 1 }, 'introspectionCache.seconds'],
  ])('introspectionCache refuses %s', (_, value, name) => {
    expect(refusedOption(() => create({ introspectionCache: value }))).toBe(name);
  });

  it.each<[string, unknown]>([
    ['positiveSeconds', -1],
    ['positiveSeconds', 3600.1],
    ['positiveSeconds', Number.NaN],
    ['positiveSeconds', '30'],
    ['positiveSeconds', null],
    ['positiveSeconds', Number.POSITIVE_INFINITY],
    ['negativeSeconds', -1],
    ['negativeSeconds', 300.1],
    ['negativeSeconds', '10'],
    ['negativeSeconds', null],
    ['maxEntries', 0],
    ['maxEntries', 1.5],
    ['maxEntries', 1_000_001],
    ['maxEntries', '10'],
  ])('introspectionCache.%s refuses %s', (name, value) => {
    const introspectionCache = { ...times, [name]: value };
    expect(refusedOption(() => create({ introspectionCache }))).toBe(`introspectionCache.${name}`);
  });
});

describe('routeOpaqueToken', () => {
  it('routeOpaqueToken is a function or undefined', () => {
    const route = () => 'https://as.example';
    expect(parseOptions({ ...good, routeOpaqueToken: route }).routeOpaqueToken).toBe(route);
    expect(parseOptions(good).routeOpaqueToken).toBeUndefined();
  });

  it.each([null, 'https://as.example', {}, true])('routeOpaqueToken refuses %j', (value) => {
    expect(refusedOption(() => create({ routeOpaqueToken: value }))).toBe('routeOpaqueToken');
  });
});
