import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, offlineServerOf, verdict } from '../support-network/ask.js';
import { warningsDuring } from '../support-network/watch.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
});

afterEach(() => issuer.close());

/** The RS_TOKEN_PROFILE warnings of a new server for these tokens, which it must refuse. */
function warningsFor(...tokens: readonly string[]): Promise<readonly string[]> {
  const server = offlineServerOf(issuer);
  return warningsDuring('RS_TOKEN_PROFILE', async () => {
    for (const token of tokens) expect(verdict(await server.check(bearer(token)))).not.toBe('granted');
  });
}

const legacy = { header: { typ: 'JWT' }, claims: { client_id: undefined, jti: undefined, secret: 's3cret' } };

describe('RS_TOKEN_PROFILE', () => {
  it('RS_TOKEN_PROFILE names the issuer, the missing claims and the option, but no value', async () => {
    const [warning = '', ...others] = await warningsFor(await issuer.token({ ...legacy, subject: 's3cret-sub' }));
    expect(others).toEqual([]);
    expect(warning).toContain(issuer.issuer);
    expect(warning).toContain('they lack typ, client_id, jti of RFC 9068');
    expect(warning).toContain("tokenProfile: 'jwt'");
    expect(warning).not.toContain('s3cret');
  });

  it('RS_TOKEN_PROFILE is emitted once for each issuer of a server', async () => {
    const tokens = await Promise.all([issuer.token(legacy), issuer.token(legacy), issuer.bad.plainJwt()]);
    expect(await warningsFor(...tokens)).toHaveLength(1);
  });

  it('RS_TOKEN_PROFILE is emitted if only typ or only a claim is missing', async () => {
    expect((await warningsFor(await issuer.bad.plainJwt()))[0]).toContain('they lack typ of');
    expect((await warningsFor(await issuer.bad.missingClaim('client_id')))[0]).toContain('they lack client_id of');
  });

  it('RS_TOKEN_PROFILE is not emitted for a forged token', async () => {
    const forged = await Promise.all([
      issuer.bad.foreignSignature(legacy),
      issuer.bad.unknownKey(legacy),
      issuer.bad.tampered(legacy),
      issuer.bad.algNone(legacy),
    ]);
    expect(await warningsFor(...forged)).toEqual([]);
  });

  it('RS_TOKEN_PROFILE is not emitted for a token that the jwt profile refuses too', async () => {
    const others = await Promise.all([
      issuer.bad.idToken(),
      issuer.bad.logoutToken(),
      issuer.bad.wrongType(),
      issuer.bad.missingClaim('exp'),
      issuer.bad.wrongAudience(legacy),
      issuer.bad.millisecondExpiry(legacy),
    ]);
    expect(await warningsFor(...others)).toEqual([]);
  });

  it('RS_TOKEN_PROFILE is not emitted for a refused token that lacks nothing', async () => {
    expect(await warningsFor(await issuer.bad.wrongAudience(), await issuer.bad.expired())).toEqual([]);
  });

  it('RS_TOKEN_PROFILE is not emitted with tokenProfile jwt', async () => {
    const jwks = { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
    const server = offlineServerOf(issuer, { issuer: { issuer: issuer.issuer, jwks, tokenProfile: 'jwt' } });
    const work = async () => {
      expect(verdict(await server.check(bearer(await issuer.token(legacy))))).toBe('granted');
      expect(verdict(await server.check(bearer(await issuer.bad.idToken())))).toBe('type_refused');
    };
    expect(await warningsDuring('RS_TOKEN_PROFILE', work)).toEqual([]);
  });
});
