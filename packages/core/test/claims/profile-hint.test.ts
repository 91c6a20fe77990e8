import { describe, expect, it } from 'vitest';
import { missingForRfc9068 } from '../../src/claims/profile-hint.js';
import { lenient, strict } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';

const hint = (typ: string | undefined, changes: Readonly<Record<string, unknown>> = {}, settings = strict) =>
  missingForRfc9068(signedToken({ header: { alg: 'Ed25519', typ }, claims: goodClaims(changes) }), settings);

describe('missingForRfc9068, which names what only the rfc9068 profile requires', () => {
  it.each([
    ['typ alone', 'JWT', {}, ['typ']],
    ['no typ at all', undefined, {}, ['typ']],
    ['typ and claims', 'JWT', { jti: undefined, client_id: undefined, azp: 'web' }, ['typ', 'client_id', 'jti']],
    ['claims alone', 'at+jwt', { iat: undefined, sub: undefined }, ['sub', 'iat']],
  ])('the profile hint names what is missing: %s', (_what, typ, changes, missing) => {
    expect(hint(typ, changes)).toEqual(missing);
  });

  it('the profile hint names a missing aud, also with audience null', () => {
    expect(hint('JWT', { aud: undefined }, { ...strict, audience: null })).toEqual(['typ', 'aud']);
  });

  it.each([
    ['a good token', 'at+jwt', {}],
    ['a token for another audience', 'JWT', { aud: 'https://other.test' }],
    ['a token without audience', 'JWT', { aud: undefined }],
    ['a token without expiry', 'JWT', { exp: undefined }],
    ['an ID token', 'JWT', { nonce: 'n', at_hash: 'h' }],
    ['a logout token', 'logout+jwt', { events: {} }],
    ['a token with a date in milliseconds', 'JWT', { exp: 1_999_999_999_000 }],
    ['a token with another fault', 'at+jwt', { scope: ['read'] }],
  ])('there is no profile hint for %s', (_what, typ, changes) => {
    expect(hint(typ, changes)).toBeUndefined();
  });

  it('there is no profile hint in the jwt profile', () => {
    expect(hint('JWT', {}, lenient)).toBeUndefined();
    expect(hint('dpop+jwt', {}, lenient)).toBeUndefined();
  });

  it('the profile hint contains no value of a claim', () => {
    expect(
      JSON.stringify(hint('hush+jwt', { sub: 'hush', jti: undefined }) ?? hint('JWT', { sub: 'hush' })),
    ).not.toContain('hush');
  });
});
