import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, offlineServerOf, verdict } from '../support-network/ask.js';
import { warningsDuring } from '../support-network/watch.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
});

afterEach(() => issuer.close());

/** What RS_TOKEN_PROFILE says while a new server judges these tokens, which it must refuse. */
function warningsFor(...tokens: readonly string[]): Promise<readonly string[]> {
  const server = offlineServerOf(issuer);
  return warningsDuring('RS_TOKEN_PROFILE', async () => {
    for (const token of tokens) expect(verdict(await server.check(bearer(token)))).not.toBe('granted');
  });
}

const legacy = { header: { typ: 'JWT' }, claims: { client_id: undefined, jti: undefined, secret: 's3cret' } };

describe('RS_TOKEN_PROFILE', () => {
  it('names the issuer, what its tokens lack and the way out, and no value', async () => {
    const [warning = '', ...others] = await warningsFor(await issuer.token({ ...legacy, subject: 's3cret-sub' }));
    expect(others).toEqual([]);
    expect(warning).toContain(issuer.issuer);
    expect(warning).toContain('they lack typ, client_id, jti of RFC 9068');
    expect(warning).toContain("tokenProfile: 'jwt'");
    expect(warning).not.toContain('s3cret');
  });

  it('comes once for each issuer of a server', async () => {
    const tokens = await Promise.all([issuer.token(legacy), issuer.token(legacy), issuer.bad.plainJwt()]);
    expect(await warningsFor(...tokens)).toHaveLength(1);
  });

  it('comes for a typ alone and for a claim alone', async () => {
    expect((await warningsFor(await issuer.bad.plainJwt()))[0]).toContain('they lack typ of');
    expect((await warningsFor(await issuer.bad.missingClaim('client_id')))[0]).toContain('they lack client_id of');
  });

  it('does not come for a forged token', async () => {
    const forged = await Promise.all([
      issuer.bad.foreignSignature(legacy),
      issuer.bad.unknownKey(legacy),
      issuer.bad.tampered(legacy),
      issuer.bad.algNone(legacy),
    ]);
    expect(await warningsFor(...forged)).toEqual([]);
  });

  it('does not come for what the jwt profile would refuse too', async () => {
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

  it('does not come for the refusal of a token that lacks nothing', async () => {
    expect(await warningsFor(await issuer.bad.wrongAudience(), await issuer.bad.expired())).toEqual([]);
  });

  it('does not come where the jwt profile is set', async () => {
    const jwks = { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
    const server = offlineServerOf(issuer, { issuer: { issuer: issuer.issuer, jwks, tokenProfile: 'jwt' } });
    const work = async () => {
      expect(verdict(await server.check(bearer(await issuer.token(legacy))))).toBe('granted');
      expect(verdict(await server.check(bearer(await issuer.bad.idToken())))).toBe('type_refused');
    };
    expect(await warningsDuring('RS_TOKEN_PROFILE', work)).toEqual([]);
  });
});
