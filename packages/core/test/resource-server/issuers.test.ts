import { createMockClock, createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuerOptions } from '../../src/options/issuer-options.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, jwksOf, verdict } from '../support-network/ask.js';

const clock = createMockClock();
let a: MockIssuer;
let b: MockIssuer;

beforeAll(async () => {
  const settings = { alg: 'ES256', algorithms: ['ES256', 'Ed25519'], clock } as const;
  [a, b] = await Promise.all([createMockIssuer(settings), createMockIssuer(settings)]);
});

afterAll(() => Promise.all([a.close(), b.close()]));

/** The keys of an issuer, all of one kid. */
function jwksWithKid(issuer: MockIssuer, kid: string): IssuerOptions['jwks'] & object {
  return { keys: jwksOf(issuer).keys.map((jwk) => ({ ...jwk, kid })) };
}

function serverFor(...issuer: readonly (string | IssuerOptions)[]): ResourceServer {
  return createResourceServer({ issuer, audience, clock });
}

async function verdictOn(server: ResourceServer, token: string): Promise<string> {
  return verdict(await server.check(bearer(token)));
}

describe('a server with two issuers', () => {
  it('two issuers with one kid have separate keys [RS-8725-3.8-a]', async () => {
    const server = serverFor(
      { issuer: a.issuer, jwks: jwksWithKid(a, 'k') },
      { issuer: b.issuer, jwks: jwksWithKid(b, 'k') },
    );
    const header = { kid: 'k' };
    expect(await verdictOn(server, await a.token({ header }))).toBe('granted');
    expect(await verdictOn(server, await b.token({ header }))).toBe('granted');
    expect(await verdictOn(server, await a.token({ header, claims: { iss: b.issuer } }))).toBe('signature_invalid');
    expect(await verdictOn(server, await b.token({ header, claims: { iss: a.issuer } }))).toBe('signature_invalid');
  });

  it('a key of one issuer does not verify tokens of another, for any kid [RS-8725-3.8-a]', async () => {
    const server = serverFor(a.issuer, b.issuer);
    expect(await verdictOn(server, await a.token())).toBe('granted');
    expect(await verdictOn(server, await b.token())).toBe('granted');
    const iss = b.issuer;
    const { kid } = await b.keys.current();
    expect(await verdictOn(server, await a.token({ claims: { iss } }))).toBe('key_unknown');
    expect(await verdictOn(server, await a.token({ claims: { iss }, header: { kid } }))).toBe('signature_invalid');
    const nameless = await a.token({ claims: { iss }, header: { kid: undefined } });
    expect(await verdictOn(server, nameless)).toBe('signature_invalid');
    await server.close();
  });

  it('an outage of one issuer does not affect the other', async () => {
    const server = serverFor(a.issuer, b.issuer);
    a.faults.discovery('down');
    expect(await verdictOn(server, await a.token())).toBe('keys_unavailable');
    expect(await verdictOn(server, await b.token())).toBe('granted');
    a.faults.clear();
    await server.close();
  });

  it('the keys of an issuer are fetched only for its own tokens', async () => {
    const server = serverFor(a.issuer, b.issuer);
    for (const issuer of [a, b]) issuer.requests.reset();
    await verdictOn(server, await b.token());
    expect([a.requests.count('jwks'), b.requests.count('jwks')]).toEqual([0, 1]);
    await server.close();
  });

  it('issuer names are compared exactly: case and a trailing slash count', async () => {
    const server = serverFor(a.issuer);
    for (const iss of [
      `${a.issuer}/`,
      a.issuer.toUpperCase(),
      ` ${a.issuer}`,
      a.issuer.replace('127.0.0.1', 'localhost'),
    ]) {
      expect(await verdictOn(server, await a.token({ claims: { iss } }))).toBe('issuer_untrusted');
    }
    await server.close();
  });
});

describe('settings of a single issuer', () => {
  it('the audience of an issuer replaces the audience of the server', async () => {
    const own = { issuer: b.issuer, jwks: jwksOf(b), audience: 'https://b.example' };
    const server = serverFor({ issuer: a.issuer, jwks: jwksOf(a) }, own);
    expect(await verdictOn(server, await b.token({ audience: 'https://b.example' }))).toBe('granted');
    expect(await verdictOn(server, await b.token())).toBe('audience_mismatch');
    expect(await verdictOn(server, await a.token())).toBe('granted');
    expect(await verdictOn(server, await a.token({ audience: 'https://b.example' }))).toBe('audience_mismatch');
  });

  it('audience null applies to that issuer only', async () => {
    const server = serverFor(
      { issuer: a.issuer, jwks: jwksOf(a) },
      { issuer: b.issuer, jwks: jwksOf(b), audience: null },
    );
    expect(await verdictOn(server, await b.token({ audience: 'https://other.example' }))).toBe('granted');
    expect(await verdictOn(server, await a.token({ audience: 'https://other.example' }))).toBe('audience_mismatch');
  });

  it('algorithms apply to that issuer only (D-13) [RS-8725-3.1-c]', async () => {
    const only = { issuer: a.issuer, jwks: jwksOf(a), algorithms: ['ES256'] as const };
    const server = serverFor(only, { issuer: b.issuer, jwks: jwksOf(b) });
    expect(await verdictOn(server, await a.token({ alg: 'Ed25519' }))).toBe('algorithm_refused');
    expect(await verdictOn(server, await a.token({ alg: 'ES256' }))).toBe('granted');
    expect(await verdictOn(server, await b.token({ alg: 'Ed25519' }))).toBe('granted');
  });

  it('tokenProfile applies to that issuer only', async () => {
    const loose = { issuer: b.issuer, jwks: jwksOf(b), tokenProfile: 'jwt' } as const;
    const server = serverFor({ issuer: a.issuer, jwks: jwksOf(a) }, loose);
    expect(await verdictOn(server, await b.bad.plainJwt())).toBe('granted');
    expect(await verdictOn(server, await a.bad.plainJwt())).toBe('type_refused');
    expect(await verdictOn(server, await b.bad.idToken())).toBe('type_refused');
  });

  it('scopeClaims apply to that issuer only', async () => {
    const own = { issuer: b.issuer, jwks: jwksOf(b), scopeClaims: ['permissions'] };
    const server = serverFor({ issuer: a.issuer, jwks: jwksOf(a) }, own);
    const claims = { scope: 'read', permissions: 'write' };
    const scopesOf = async (issuer: MockIssuer) => {
      const decision = await server.check(bearer(await issuer.token({ claims })));
      return decision.granted ? decision.auth?.scopes : undefined;
    };
    expect([await scopesOf(a), await scopesOf(b)]).toEqual([['read'], ['write']]);
  });
});
