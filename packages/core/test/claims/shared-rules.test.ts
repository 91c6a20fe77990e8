import { describe, expect, it } from 'vitest';
import { lenient, strict, validate, verdictOnClaims, verdictOnText } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

const ownAudience = 'https://api.test';

describe.each([
  ['strict', strict],
  ['lenient', lenient],
])('the %s profile', (_name, settings) => {
  describe('the audience check by whole strings (RFC 7519 section 4.1.3)', () => {
    it.each([
      ['our own audience', ownAudience],
      ['an array of our own audience', [ownAudience]],
      ['an array that ends with our own audience', ['https://other.test', ownAudience]],
      ['our own audience twice', [ownAudience, ownAudience]],
    ])('an aud with %s is accepted', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('passed');
    });

    it.each([
      ['another name', 'https://other.test'],
      ['a trailing slash', `${ownAudience}/`],
      ['a longer host', `${ownAudience}.evil.test`],
      ['a longer path', `${ownAudience}/v1`],
      ['a shorter name', ownAudience.slice(0, -1)],
      ['another case', 'https://API.test'],
      ['the default port', `${ownAudience}:443`],
      ['http', ownAudience.replace('https', 'http')],
      ['a trailing space', `${ownAudience} `],
      ['a list in one string', `https://other.test ${ownAudience}`],
      ['a list in one string with a comma', `${ownAudience},https://other.test`],
      ['a wildcard', '*'],
      ['an empty string', ''],
      ['an empty list', []],
      ['a list of others', ['https://other.test', `${ownAudience}/`]],
      ['a name like a member of an array', ['includes', 'length', '0']],
    ])('an aud with %s is refused with audience_mismatch', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('audience_mismatch');
    });

    it.each([
      ['null', null],
      ['a number', 1],
      ['true', true],
      ['an object', { 0: ownAudience }],
      ['an object with our own audience as a member name', { [ownAudience]: true }],
      ['a list with null', [ownAudience, null]],
      ['a list in a list', [[ownAudience]]],
      ['a list with a number', [ownAudience, 1]],
    ])('an aud that is %s is malformed, also with audience null', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('claim_malformed');
      expect(verdictOnClaims({ ...settings, audience: null }, { aud })).toBe('claim_malformed');
    });

    it('one of several own audiences is enough, and audience null accepts every aud', () => {
      const several = { ...settings, audience: ['urn:api', ownAudience] };
      expect(verdictOnClaims(several, { aud: 'urn:api' })).toBe('passed');
      expect(verdictOnClaims(several, { aud: ['x', ownAudience] })).toBe('passed');
      expect(verdictOnClaims(several, { aud: ['x'] })).toBe('audience_mismatch');
      expect(verdictOnClaims({ ...settings, audience: null }, { aud: [] })).toBe('passed');
    });
  });

  describe.each(['exp', 'nbf', 'iat'])('%s, a number of seconds (RFC 7519 section 2)', (name) => {
    it.each([
      ['a string', '"1500"'],
      ['null', 'null'],
      ['true', 'true'],
      ['an object', '{}'],
      ['a list', '[1500]'],
      ['infinity', '1e999'],
      ['a negative number', '-1'],
      ['milliseconds', '1999999999000'],
    ])('%s as a date is malformed', (_what, text) => {
      expect(verdictOnText(settings, name, text)).toBe('claim_malformed');
    });

    it.each(['1500', '1500.25', '0', '1.5e3'])('%s as a date is accepted', (text) => {
      expect(verdictOnText(settings, name, text)).toBe('passed');
    });
  });

  describe('claims replicated in the header (RFC 7519 section 5.3)', () => {
    const verdictWith = (header: Readonly<Record<string, unknown>>, claims = {}) =>
      verdict(validate(settings, { header: { alg: 'Ed25519', typ: 'at+jwt', ...header }, claims: goodClaims(claims) }));

    it.each([
      ['iss', 'https://other.test'],
      ['sub', 'eve'],
      ['aud', 'https://other.test'],
      ['aud', [ownAudience]],
      ['sub', null],
      ['sub', ['ada']],
    ])('a header %s %j that differs from the claim refuses the token', (name, value) => {
      expect(verdictWith({ [name]: value })).toBe('claim_malformed');
    });

    it('replicated claims with equal values are accepted, and other claims in the header are ignored', () => {
      expect(verdictWith({ iss: 'https://issuer.test', sub: 'ada', aud: ownAudience })).toBe('passed');
      expect(verdictWith({ aud: ['x', ownAudience] }, { aud: ['x', ownAudience] })).toBe('passed');
      expect(verdictWith({ exp: 1, scope: 'admin' })).toBe('passed');
    });

    it('a claim in the header does not replace a missing claim of the payload', () => {
      expect(verdictWith({ aud: ownAudience }, { aud: undefined })).not.toBe('passed');
    });
  });

  describe('the refusal detail of a malformed claim', () => {
    it.each(['aud', 'exp', 'nbf', 'iat', 'scope'])(
      'the refusal detail contains the value of a malformed %s',
      (name) => {
        const refusal = refusalIn(validate(settings, { claims: goodClaims({ [name]: { x: 1 } }) }));
        expect(refusal.detail.found).toBe('{"x":1}');
      },
    );

    it.each(['sub', 'jti', 'client_id'])('the refusal does not contain the value of a malformed %s', (name) => {
      const refusal = refusalIn(validate(settings, { claims: goodClaims({ [name]: ['hush'] }) }));
      expect(refusal.code).toBe('claim_malformed');
      expect(JSON.stringify(refusal)).not.toContain('hush');
    });
  });
});
