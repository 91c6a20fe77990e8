import { describe, expect, it } from 'vitest';
import { missingForRfc9068 } from '../../src/claims/profile-hint.js';
import { lenient, strict } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';

const hint = (typ: string | undefined, changes: Readonly<Record<string, unknown>> = {}, settings = strict) =>
  missingForRfc9068(signedToken({ header: { alg: 'Ed25519', typ }, claims: goodClaims(changes) }), settings);

describe('a token that only the strict profile refuses is told apart, by the names of what it lacks', () => {
  it.each([
    ['typ alone', 'JWT', {}, ['typ']],
    ['no typ at all', undefined, {}, ['typ']],
    ['typ and claims', 'JWT', { jti: undefined, client_id: undefined, azp: 'web' }, ['typ', 'client_id', 'jti']],
    ['claims alone', 'at+jwt', { iat: undefined, sub: undefined }, ['sub', 'iat']],
  ])('%s', (_what, typ, changes, missing) => {
    expect(hint(typ, changes)).toEqual(missing);
  });

  it('a missing audience counts where it is not looked at', () => {
    expect(hint('JWT', { aud: undefined }, { ...strict, audience: null })).toEqual(['typ', 'aud']);
  });

  it.each([
    ['a good token', 'at+jwt', {}],
    ['a token for somebody else', 'JWT', { aud: 'https://other.test' }],
    ['a token without audience', 'JWT', { aud: undefined }],
    ['a token without expiry', 'JWT', { exp: undefined }],
    ['an ID token', 'JWT', { nonce: 'n', at_hash: 'h' }],
    ['a logout token', 'logout+jwt', { events: {} }],
    ['a token with a date in milliseconds', 'JWT', { exp: 1_999_999_999_000 }],
    ['a token that is wrong in another way', 'at+jwt', { scope: ['read'] }],
  ])('%s is not', (_what, typ, changes) => {
    expect(hint(typ, changes)).toBeUndefined();
  });

  it('in the jwt profile there is nothing to say', () => {
    expect(hint('JWT', {}, lenient)).toBeUndefined();
    expect(hint('dpop+jwt', {}, lenient)).toBeUndefined();
  });

  it('no value of a claim is in it', () => {
    expect(
      JSON.stringify(hint('hush+jwt', { sub: 'hush', jti: undefined }) ?? hint('JWT', { sub: 'hush' })),
    ).not.toContain('hush');
  });
});
