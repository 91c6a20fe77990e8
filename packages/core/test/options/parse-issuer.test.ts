import { describe, expect, it } from 'vitest';
import { assertPermitted } from '../../src/http/permitted-url.js';
import type { KeyLocation } from '../../src/keys/key-loader.js';
import { parseOptions } from '../../src/options/parse-options.js';
import { makeJwk } from '../support-network/keys.js';
import { create, createWithIssuer, good, refusedOption } from '../support-network/options.js';
import { warningsDuring } from '../support-network/watch.js';

const jwk = makeJwk('P-256', { kid: 'a' });

function settingsOf(issuer: unknown, keys: unknown = {}) {
  const { issuers } = parseOptions({ ...good, issuer, keys });
  const [settings] = typeof issuers === 'function' ? [] : issuers;
  if (settings === undefined) throw new Error('no issuer');
  return settings;
}

function locationOf(issuer: unknown, keys?: unknown): KeyLocation {
  const { keys: location } = settingsOf(issuer, keys);
  if ('jwks' in location) throw new Error('no location');
  return location;
}

describe('the issuer identifier [RS-8414-2-a]', () => {
  it.each([
    'https://as.example',
    'https://as.example/',
    'https://as.example:8443/t1',
    'http://127.0.0.1:3000',
    'http://127.255.0.1',
    'http://[::1]:3000/t1',
    'http://localhost:3000',
    'http://tenant.localhost',
  ])('the issuer may be %s', (issuer) => {
    expect(refusedOption(() => create({ issuer }))).toBeUndefined();
    expect(settingsOf(issuer).issuer).toBe(issuer);
  });

  it.each([
    ['http://as.example', 'outside of loopback'],
    ['http://10.0.0.1', 'outside of loopback'],
    ['http://0.0.0.0', 'outside of loopback'],
    ['http://169.254.169.254', 'outside of loopback'],
    ['http://localhost.evil.example', 'outside of loopback'],
    ['http://127.0.0.1.evil.example', 'outside of loopback'],
    ['https://as.example?tenant=1', 'a query'],
    ['https://as.example/?', 'a query'],
    ['https://as.example#x', 'a fragment'],
    ['https://as.example/#', 'a fragment'],
    ['https://user:pass@as.example', 'credentials'],
    ['https://user@as.example', 'credentials'],
    ['as.example', 'a host without a scheme'],
    ['/as', 'a path'],
    ['https://', 'a scheme without a host'],
    ['ftp://as.example', 'another scheme'],
    ['urn:as', 'another scheme'],
    ['', 'an empty string'],
    [' https://as.example', 'white space'],
    ['https://as.example\n', 'white space'],
    ['https://as.exam\tple', 'white space'],
    ['https://as.example/caf\u00e9', 'a character outside of ASCII'],
  ])('the issuer cannot be %j: %s', (issuer) => {
    expect(refusedOption(() => create({ issuer }))).toBe('issuer');
    expect(refusedOption(() => create({ issuer: { issuer } }))).toBe('issuer.issuer');
  });

  it('the error for an issuer with credentials does not contain them', () => {
    expect(() => create({ issuer: 'https://user:s3cret@as.example' })).toThrow(/^(?!.*s3cret)/);
  });
});

describe('dangerouslyAllowHttp', () => {
  const exposed = { issuer: 'http://as.internal:8080', dangerouslyAllowHttp: true };

  it('dangerouslyAllowHttp accepts http outside of loopback and emits the warning RS_HTTP_ISSUER', async () => {
    const warnings = await warningsDuring('RS_HTTP_ISSUER', () => createWithIssuer(exposed));
    expect(warnings).toEqual([expect.stringContaining('http://as.internal:8080')]);
    expect(locationOf(exposed).terms.plainHttp).toBe('anywhere');
  });

  it('RS_HTTP_ISSUER is not emitted for https and loopback issuers', async () => {
    const makeBoth = () => {
      createWithIssuer({ dangerouslyAllowHttp: true });
      create({ issuer: 'http://127.0.0.1:3000' });
    };
    expect(await warningsDuring('RS_HTTP_ISSUER', makeBoth)).toEqual([]);
  });

  it.each([false, 'true', 1, null])(
    'dangerouslyAllowHttp must be true or undefined; %j is refused',
    (dangerouslyAllowHttp) => {
      expect(refusedOption(() => createWithIssuer({ dangerouslyAllowHttp }))).toBe('issuer.dangerouslyAllowHttp');
    },
  );

  it('dangerouslyAllowHttp allows http as the only additional scheme', () => {
    expect(refusedOption(() => createWithIssuer({ ...exposed, issuer: 'ftp://as.internal' }))).toBe('issuer.issuer');
  });
});

describe('the permitted locations of keys (D-21)', () => {
  it.each([
    ['https://as.example', 'never'],
    ['http://127.0.0.1:3000', 'loopback'],
    ['http://tenant.localhost', 'loopback'],
  ])('plainHttp for the keys of the issuer %s is "%s" (D-21)', (issuer, plainHttp) => {
    expect(locationOf(issuer).terms).toEqual({ plainHttp, hosts: undefined, addresses: 'any' });
  });

  it('jwksUri is a string or a URL, and later changes of the URL have no effect', () => {
    const jwksUri = new URL('https://keys.example/jwks');
    const location = locationOf({ issuer: 'https://as.example', jwksUri });
    jwksUri.pathname = '/evil';
    expect(location.jwksUri?.href).toBe('https://keys.example/jwks');
    expect(locationOf({ issuer: 'https://as.example', jwksUri: jwksUri.href }).jwksUri?.href).toBe(jwksUri.href);
  });

  it.each([
    'http://127.0.0.1/jwks',
    'http://keys.example/jwks',
    'ftp://keys.example',
    '/jwks',
    '',
    7,
    null,
    {},
    // A URL with credentials is never fetched: every request would be answered with 503.
    'https://user:pass@keys.example/jwks',
  ])('jwksUri of an https issuer cannot be %j', (jwksUri) => {
    expect(refusedOption(() => createWithIssuer({ jwksUri }))).toBe('issuer.jwksUri');
  });

  it('jwksUri of a loopback http issuer is https or on loopback', () => {
    const issuer = 'http://127.0.0.1:3000';
    expect(refusedOption(() => createWithIssuer({ issuer, jwksUri: 'http://10.0.0.1/jwks' }))).toBe('issuer.jwksUri');
    expect(refusedOption(() => createWithIssuer({ issuer, jwksUri: 'http://[::1]/jwks' }))).toBeUndefined();
    expect(refusedOption(() => createWithIssuer({ issuer, jwksUri: 'https://keys.example/' }))).toBeUndefined();
  });

  it('allowedHosts are permitted in addition to the hosts of the issuer and of jwksUri', () => {
    const issuer = { issuer: 'https://as.example:8443', jwksUri: 'https://keys.example/jwks' };
    const { hosts } = locationOf(issuer, { allowedHosts: ['cdn.example'] }).terms;
    expect([...(hosts ?? [])].sort()).toEqual(['as.example:8443', 'cdn.example', 'keys.example:443']);
  });

  it.each(['cdn.example', 'cdn.example:8443', '127.0.0.1', '[::1]:8443'])('allowedHosts may be %s', (host) => {
    const { terms } = locationOf('https://as.example', { allowedHosts: [host] });
    expect(() => assertPermitted(new URL(`https://${host}/jwks`), terms)).not.toThrow();
    expect(() => assertPermitted(new URL('https://evil.example/jwks'), terms)).toThrow('not among the allowed hosts');
  });

  it.each(['CDN.example', 'cdn.example:443', 'https://cdn.example', 'cdn.example/jwks', 'a b', 'u@cdn.example'])(
    'allowedHosts accepts normalized hosts only: %s is refused',
    (host) => {
      expect(refusedOption(() => create({ keys: { allowedHosts: [host] } }))).toBe('keys.allowedHosts');
    },
  );
});

describe('jwks', () => {
  it('jwks cannot be combined with jwksUri', () => {
    const both = { jwks: { keys: [jwk] }, jwksUri: 'https://keys.example' };
    expect(refusedOption(() => createWithIssuer(both))).toBe('issuer.jwks');
    expect(refusedOption(() => createWithIssuer({ jwks: both.jwks }))).toBeUndefined();
  });

  it.each([null, 'keys', 7, [], {}, { keys: {} }, { keys: [] }, { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }])(
    'jwks must contain a usable key: %j is refused',
    (jwks) => {
      expect(refusedOption(() => createWithIssuer({ jwks }))).toBe('issuer.jwks');
    },
  );

  it('jwks with one usable key among others is accepted', () => {
    expect(refusedOption(() => createWithIssuer({ jwks: { keys: [{ kty: 'oct', k: 'AA' }, jwk] } }))).toBeUndefined();
  });

  it.each([{}, { keys: [] }])('the error for jwks of a second issuer names its index: %j', (jwks) => {
    const issuer = ['https://b.example', { issuer: 'https://as.example', jwks }];
    expect(refusedOption(() => create({ issuer }))).toBe('issuer[1].jwks');
  });
});
