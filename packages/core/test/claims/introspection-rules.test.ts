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

/** The result for an answer with the fewest members that are allowed, and these changes. */
function validate(changes: Readonly<Record<string, unknown>> = {}, own: Partial<ClaimsSettings> = {}) {
  const answer = jsonObject({ ...least, ...changes });
  return validateClaims(new IntrospectedToken(new Credential('Bearer', 't'), testIssuer, answer), {
    ...settings,
    ...own,
  });
}

describe('the validation of an introspection answer for an active token (D-22)', () => {
  it('an introspection answer may omit iss, exp, sub, client_id and all other members (D-22)', () => {
    const { facts, issuer } = passed(validate());
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

  it('the facts of an introspected token are taken from the introspection answer', () => {
    const members = {
      iss: testIssuer,
      exp: 2000,
      nbf: 900,
      iat: 1000,
      sub: 'ada',
      client_id: 'web',
      scope: 'read write',
    };
    expect(passed(validate(members)).facts).toEqual({
      audience: [testAudience],
      scopes: ['read', 'write'],
      expiresAt: 2000,
      notBefore: 900,
      issuedAt: 1000,
      subject: 'ada',
      clientId: 'web',
    });
  });

  it('an introspected token is not a local verification, so the token cache does not store it', () => {
    expect(passed(validate()).verification).not.toBeInstanceOf(LocalVerification);
  });
});

describe('aud of an introspection answer (D-22)', () => {
  it('aud of an introspection answer may be absent only if the audience option is null (D-22)', () => {
    const refusal = refusalIn(validate({ aud: undefined }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', 'aud']);
    expect(verdict(validate({ aud: undefined }, { audience: null }))).toBe('passed');
  });

  it.each([['https://other.test'], [['https://other.test', 'x']], [`${testAudience}/`], [[]], ['']])(
    'an introspection answer with a foreign aud is refused: %j (D-22)',
    (aud) => {
      expect(verdict(validate({ aud }))).toBe('audience_mismatch');
      expect(verdict(validate({ aud: ['https://other.test', testAudience] }))).toBe('passed');
    },
  );

  it.each([null, 1, {}, [testAudience, 1]])(
    'aud %j of an introspection answer is malformed, also with audience null (D-22)',
    (aud) => {
      expect(verdict(validate({ aud }))).toBe('claim_malformed');
      expect(verdict(validate({ aud }, { audience: null }))).toBe('claim_malformed');
    },
  );
});

describe('iss of an introspection answer (RFC 7662 section 2.2)', () => {
  it.each([`${testIssuer}/`, 'https://other.test', '', null, 1, [testIssuer], {}])(
    'iss %j, not the issuer that was queried, refuses the introspected token',
    (iss) => {
      expect(verdict(validate({ iss }))).toBe('issuer_untrusted');
      expect(verdict(validate({ iss: testIssuer }))).toBe('passed');
    },
  );
});

describe('token types in an introspection answer (RFC 7662 section 2.2)', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'access_token'])(
    'an introspected token with token_type %s is accepted',
    (type) => {
      expect(verdict(validate({ token_type: type }))).toBe('passed');
    },
  );

  it.each(['refresh_token', 'id_token', 'N_A', 'mac', 'PoP', '', null, 1, ['Bearer'], 'DPoP'])(
    'an introspected token with token_type %j is refused',
    (type) => {
      expect(verdict(validate({ token_type: type }))).toBe('type_refused');
    },
  );

  it('token_type DPoP is accepted with a cnf, which the binding step checks', () => {
    for (const type of ['DPoP', 'dpop']) {
      expect(verdict(validate({ token_type: type, cnf: { jkt: 'x' } }))).toBe('passed');
      expect(verdict(validate({ token_type: type }))).toBe('type_refused');
    }
    expect(verdict(validate({ token_type: 'mac', cnf: { jkt: 'x' } }))).toBe('type_refused');
  });

  it.each(['access', 'access_token', 'Access'])('an introspected token with token_use %s is accepted', (use) => {
    expect(verdict(validate({ token_use: use }))).toBe('passed');
  });

  it.each(['id', 'refresh', '', null, 1, ['access']])('an introspected token with token_use %j is refused', (use) => {
    expect(verdict(validate({ token_use: use }))).toBe('type_refused');
    expect(verdict(validate({ token_use: use, token_type: 'Bearer' }))).toBe('type_refused');
  });

  it.each(['ID', 'Refresh', 'Offline', 'Logout', 'refresh'])(
    'an introspected token with the member typ %s is refused',
    (typ) => {
      expect(verdict(validate({ typ }))).toBe('type_refused');
      expect(verdict(validate({ typ: 'Bearer' }))).toBe('passed');
    },
  );

  it('the refusal of a token type does not contain the value', () => {
    for (const name of ['token_type', 'token_use']) {
      expect(JSON.stringify(refusalIn(validate({ [name]: 's3cret' })).detail)).not.toContain('s3cret');
    }
  });
});

describe('dates of an introspection answer (RFC 7519 section 2)', () => {
  it.each(['exp', 'nbf', 'iat'])('%s of an introspection answer is a number of seconds if it is present', (name) => {
    for (const value of ['2000', null, true, [], {}, 2_000_000_000_000]) {
      expect(verdict(validate({ [name]: value }))).toBe('claim_malformed');
    }
    expect(verdict(validate({ [name]: 2000 }))).toBe('passed');
  });
});

describe('names in an introspection answer', () => {
  it.each(['sub', 'jti', 'client_id', 'azp', 'cid', 'appid'])(
    '%s of an introspection answer is a string if it is present',
    (name) => {
      for (const value of [1, null, [], {}]) expect(verdict(validate({ [name]: value }))).toBe('claim_malformed');
      expect(verdict(validate({ [name]: 'x' }))).toBe('passed');
    },
  );
});

describe('scopes of an introspection answer', () => {
  it.each([
    ['read write', ['read', 'write']],
    [
      ['read', 'write'],
      ['read', 'write'],
    ],
    ['', []],
    [[], []],
  ])('scope %j of an introspection answer is accepted, as a string or an array of strings', (scope, scopes) => {
    expect(passed(validate({ scope })).facts.scopes).toEqual(scopes);
  });

  it.each([1, null, {}, ['read', 1], true])('scope %j of an introspection answer is malformed', (scope) => {
    expect(verdict(validate({ scope }))).toBe('claim_malformed');
  });

  it('scopes of an introspection answer come from scopeClaims, by default from scope alone', () => {
    expect(passed(validate({ scp: ['read'] })).facts.scopes).toEqual([]);
    expect(passed(validate({ scp: ['read'] }, { scopeClaims: ['scp'] })).facts.scopes).toEqual(['read']);
  });
});
