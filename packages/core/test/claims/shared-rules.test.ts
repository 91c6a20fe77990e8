import { describe, expect, it } from 'vitest';
import { judge, lenient, strict, verdictOnClaims, verdictOnText } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

const us = 'https://api.test';

describe.each([
  ['strict', strict],
  ['lenient', lenient],
])('the %s profile', (_name, settings) => {
  describe('RFC 7519 section 4.1.3: the audience is us, by whole strings', () => {
    it.each([
      ['our name', us],
      ['a list of our name', [us]],
      ['a list with our name at its end', ['https://other.test', us]],
      ['our name twice', [us, us]],
    ])('%s', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('passed');
    });

    it.each([
      ['another name', 'https://other.test'],
      ['a slash behind', `${us}/`],
      ['a longer host', `${us}.evil.test`],
      ['a longer path', `${us}/v1`],
      ['a shorter name', us.slice(0, -1)],
      ['another case', 'https://API.test'],
      ['the default port', `${us}:443`],
      ['http', us.replace('https', 'http')],
      ['a space behind', `${us} `],
      ['a list in one string', `https://other.test ${us}`],
      ['a list in one string with a comma', `${us},https://other.test`],
      ['a wildcard', '*'],
      ['an empty string', ''],
      ['an empty list', []],
      ['a list of others', ['https://other.test', `${us}/`]],
      ['a name like a member of an array', ['includes', 'length', '0']],
    ])('%s is not', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('audience_mismatch');
    });

    it.each([
      ['null', null],
      ['a number', 1],
      ['true', true],
      ['an object', { 0: us }],
      ['an object with our name', { [us]: true }],
      ['a list with null', [us, null]],
      ['a list in a list', [[us]]],
      ['a list with a number', [us, 1]],
    ])('%s is malformed, even where the audience is not looked at', (_what, aud) => {
      expect(verdictOnClaims(settings, { aud })).toBe('claim_malformed');
      expect(verdictOnClaims({ ...settings, audience: null }, { aud })).toBe('claim_malformed');
    });

    it('we may have several names, and anybody is us where that was said', () => {
      const several = { ...settings, audience: ['urn:api', us] };
      expect(verdictOnClaims(several, { aud: 'urn:api' })).toBe('passed');
      expect(verdictOnClaims(several, { aud: ['x', us] })).toBe('passed');
      expect(verdictOnClaims(several, { aud: ['x'] })).toBe('audience_mismatch');
      expect(verdictOnClaims({ ...settings, audience: null }, { aud: [] })).toBe('passed');
    });
  });

  describe.each(['exp', 'nbf', 'iat'])('RFC 7519 section 2: %s is a number of seconds', (name) => {
    it.each([
      ['a string', '"1500"'],
      ['null', 'null'],
      ['true', 'true'],
      ['an object', '{}'],
      ['a list', '[1500]'],
      ['infinity', '1e999'],
      ['a negative number', '-1'],
      ['milliseconds', '1999999999000'],
    ])('%s is malformed', (_what, text) => {
      expect(verdictOnText(settings, name, text)).toBe('claim_malformed');
    });

    it.each(['1500', '1500.25', '0', '1.5e3'])('%s is fine', (text) => {
      expect(verdictOnText(settings, name, text)).toBe('passed');
    });
  });

  describe('RFC 7519 section 5.3: a claim replicated in the header agrees', () => {
    const verdictWith = (header: Readonly<Record<string, unknown>>, claims = {}) =>
      verdict(judge(settings, { header: { alg: 'Ed25519', typ: 'at+jwt', ...header }, claims: goodClaims(claims) }));

    it.each([
      ['iss', 'https://other.test'],
      ['sub', 'eve'],
      ['aud', 'https://other.test'],
      ['aud', [us]],
      ['sub', null],
      ['sub', ['ada']],
    ])('%s %j differs and refuses', (name, value) => {
      expect(verdictWith({ [name]: value })).toBe('claim_malformed');
    });

    it('the same values pass, and other claims in the header are not looked at', () => {
      expect(verdictWith({ iss: 'https://issuer.test', sub: 'ada', aud: us })).toBe('passed');
      expect(verdictWith({ aud: ['x', us] }, { aud: ['x', us] })).toBe('passed');
      expect(verdictWith({ exp: 1, scope: 'admin' })).toBe('passed');
    });

    it('a claim that only the header has is not there', () => {
      expect(verdictWith({ aud: us }, { aud: undefined })).not.toBe('passed');
    });
  });

  describe('what is shown of a claim that is malformed', () => {
    it.each(['aud', 'exp', 'nbf', 'iat', 'scope'])('%s may be shown to operators', (name) => {
      const refusal = refusalIn(judge(settings, { claims: goodClaims({ [name]: { x: 1 } }) }));
      expect(refusal.detail.found).toBe('{"x":1}');
    });

    it.each(['sub', 'jti', 'client_id'])('%s is not', (name) => {
      const refusal = refusalIn(judge(settings, { claims: goodClaims({ [name]: ['hush'] }) }));
      expect(refusal.code).toBe('claim_malformed');
      expect(JSON.stringify(refusal)).not.toContain('hush');
    });
  });
});
