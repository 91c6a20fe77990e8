import { describe, expect, it } from 'vitest';
import type { ClaimsSettings } from '../../src/claims/rule.js';
import { validateClaims } from '../../src/claims/validate-claims.js';
import { Credential, IntrospectedToken, LocalVerification } from '../../src/model/stages.js';
import { jsonObject } from '../support/json-object.js';
import { testAudience, testIssuer } from '../support/stages.js';
import { passed, refusalIn, verdict } from '../support/verdict.js';

const settings: ClaimsSettings = {
  profile: 'introspection',
  issuer: testIssuer,
  audience: [testAudience],
  scopeClaims: ['scope'],
};
const least = { active: true, aud: testAudience };

/** What is said of a token of which the issuer says the least that it may, and this. */
function judge(changes: Readonly<Record<string, unknown>> = {}, own: Partial<ClaimsSettings> = {}) {
  const answer = jsonObject({ ...least, ...changes });
  return validateClaims(new IntrospectedToken(new Credential('Bearer', 't'), testIssuer, answer), {
    ...settings,
    ...own,
  });
}

describe('D-22: what an issuer says of an active token is judged', () => {
  it('D-22: iss, exp, sub, client_id and all others may be absent', () => {
    const { facts, issuer } = passed(judge());
    expect(issuer).toBe(testIssuer);
    expect(facts).toEqual({
      audience: [testAudience],
      scopes: [],
      expiresAt: undefined,
      notBefore: undefined,
      issuedAt: undefined,
      subject: undefined,
      clientId: undefined,
    });
  });

  it('what it says is read', () => {
    const says = { iss: testIssuer, exp: 2000, nbf: 900, iat: 1000, sub: 'ada', client_id: 'web', scope: 'read write' };
    expect(passed(judge(says)).facts).toEqual({
      audience: [testAudience],
      scopes: ['read', 'write'],
      expiresAt: 2000,
      notBefore: 900,
      issuedAt: 1000,
      subject: 'ada',
      clientId: 'web',
    });
  });

  it('no token cache remembers it', () => {
    expect(passed(judge()).verification).not.toBeInstanceOf(LocalVerification);
  });
});

describe('D-22: aud', () => {
  it('D-22: may be absent only where the audience is null', () => {
    const refusal = refusalIn(judge({ aud: undefined }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', 'aud']);
    expect(verdict(judge({ aud: undefined }, { audience: null }))).toBe('passed');
  });

  it.each([['https://other.test'], [['https://other.test', 'x']], [`${testAudience}/`], [[]], ['']])(
    'of somebody else refuses the token: %j',
    (aud) => {
      expect(verdict(judge({ aud }))).toBe('audience_mismatch');
      expect(verdict(judge({ aud: ['https://other.test', testAudience] }))).toBe('passed');
    },
  );

  it.each([null, 1, {}, [testAudience, 1]])('is text: not %j, whatever the audience', (aud) => {
    expect(verdict(judge({ aud }))).toBe('claim_malformed');
    expect(verdict(judge({ aud }, { audience: null }))).toBe('claim_malformed');
  });
});

describe('RFC 7662 section 2.2: iss, where it is said, is the issuer that was asked', () => {
  it.each([`${testIssuer}/`, 'https://other.test', '', null, 1, [testIssuer], {}])('%j refuses the token', (iss) => {
    expect(verdict(judge({ iss }))).toBe('issuer_untrusted');
    expect(verdict(judge({ iss: testIssuer }))).toBe('passed');
  });
});

describe('RFC 7662 section 2.2: the token is an access token', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'access_token'])('token_type %s passes', (type) => {
    expect(verdict(judge({ token_type: type }))).toBe('passed');
  });

  it.each(['refresh_token', 'id_token', 'N_A', 'mac', 'PoP', '', null, 1, ['Bearer'], 'DPoP'])(
    'token_type %j refuses the token',
    (type) => {
      expect(verdict(judge({ token_type: type }))).toBe('type_refused');
    },
  );

  it('token_type DPoP passes where cnf says to which key, for the binding to judge', () => {
    for (const type of ['DPoP', 'dpop']) {
      expect(verdict(judge({ token_type: type, cnf: { jkt: 'x' } }))).toBe('passed');
      expect(verdict(judge({ token_type: type }))).toBe('type_refused');
    }
    expect(verdict(judge({ token_type: 'mac', cnf: { jkt: 'x' } }))).toBe('type_refused');
  });

  it.each(['access', 'access_token', 'Access'])('token_use %s passes', (use) => {
    expect(verdict(judge({ token_use: use }))).toBe('passed');
  });

  it.each(['id', 'refresh', '', null, 1, ['access']])('token_use %j refuses the token', (use) => {
    expect(verdict(judge({ token_use: use }))).toBe('type_refused');
    expect(verdict(judge({ token_use: use, token_type: 'Bearer' }))).toBe('type_refused');
  });

  it.each(['ID', 'Refresh', 'Offline', 'Logout', 'refresh'])('typ %s refuses the token', (typ) => {
    expect(verdict(judge({ typ }))).toBe('type_refused');
    expect(verdict(judge({ typ: 'Bearer' }))).toBe('passed');
  });

  it('the refusal shows nothing of the value', () => {
    for (const name of ['token_type', 'token_use']) {
      expect(JSON.stringify(refusalIn(judge({ [name]: 's3cret' })).detail)).not.toContain('s3cret');
    }
  });
});

describe('RFC 7519 section 2: dates, where they are said, are numbers of seconds', () => {
  it.each(['exp', 'nbf', 'iat'])('%s', (name) => {
    for (const value of ['2000', null, true, [], {}, 2_000_000_000_000]) {
      expect(verdict(judge({ [name]: value }))).toBe('claim_malformed');
    }
    expect(verdict(judge({ [name]: 2000 }))).toBe('passed');
  });
});

describe('names, where they are said, are text', () => {
  it.each(['sub', 'jti', 'client_id', 'azp', 'cid', 'appid'])('%s', (name) => {
    for (const value of [1, null, [], {}]) expect(verdict(judge({ [name]: value }))).toBe('claim_malformed');
    expect(verdict(judge({ [name]: 'x' }))).toBe('passed');
  });
});

describe('scopes are a string, or a list of strings as some issuers have it', () => {
  it.each([
    ['read write', ['read', 'write']],
    [
      ['read', 'write'],
      ['read', 'write'],
    ],
    ['', []],
    [[], []],
  ])('%j', (scope, scopes) => {
    expect(passed(judge({ scope })).facts.scopes).toEqual(scopes);
  });

  it.each([1, null, {}, ['read', 1], true])('not %j', (scope) => {
    expect(verdict(judge({ scope }))).toBe('claim_malformed');
  });

  it('are read from the claims that the options name, and from scope alone where they name none', () => {
    expect(passed(judge({ scp: ['read'] })).facts.scopes).toEqual([]);
    expect(passed(judge({ scp: ['read'] }, { scopeClaims: ['scp'] })).facts.scopes).toEqual(['read']);
  });
});
