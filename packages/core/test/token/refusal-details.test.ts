import { describe, expect, it } from 'vitest';
import { Credential } from '../../src/model/stages.js';
import { ConfiguredIssuers } from '../../src/token/configured-issuers.js';
import { parseToken } from '../../src/token/parse-token.js';
import { compactOf } from '../support/segments.js';
import { parsedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

const good = { iss: 'https://issuer.test' };
const parse = (token: string) => parseToken(new Credential('Bearer', token), { maxTokenBytes: 1024 });

describe('details of token refusals for operators', () => {
  it.each([
    ['token_too_large', 'at most 1024 octets', 'x'.repeat(1025)],
    ['token_malformed', 'a well-formed JWS (header: not base64url)', '=.a.b'],
    ['token_malformed', 'a well-formed JWS (header: not JSON in UTF-8)', compactOf('alg', good)],
    ['token_malformed', 'a well-formed JWS (payload: not a JSON object)', compactOf({ alg: 'ES256' }, [good])],
    ['token_malformed', 'a well-formed JWS (signature: not base64url)', `${compactOf({}, good, '')}=`],
    ['token_malformed', 'a well-formed JWS (alg: not a string)', compactOf({}, good)],
    ['token_malformed', 'a well-formed JWS (typ: not a string)', compactOf({ alg: 'ES256', typ: 1 }, good)],
    ['token_malformed', 'a well-formed JWS (kid: not a string)', compactOf({ alg: 'ES256', kid: 1 }, good)],
    ['token_malformed', 'a well-formed JWS (crit: not supported)', compactOf({ alg: 'ES256', crit: [] }, good)],
    ['token_malformed', 'a well-formed JWS (b64: not supported)', compactOf({ alg: 'ES256', b64: true }, good)],
    [
      'token_malformed',
      'a well-formed JWS (kid: longer than 256 characters)',
      compactOf({ alg: 'ES256', kid: 'k'.repeat(257) }, good),
    ],
    [
      'token_malformed',
      'a well-formed JWS (jti: longer than 256 characters)',
      compactOf({ alg: 'ES256' }, { ...good, jti: 'j'.repeat(257) }),
    ],
    ['claim_missing', 'iss', compactOf({ alg: 'ES256' }, {})],
    ['claim_malformed', 'iss: a string', compactOf({ alg: 'ES256' }, { iss: 1 })],
  ])('the refusal detail of %s is: %s', (code, expected, token) => {
    const refusal = refusalIn(parse(token));
    expect([refusal.code, refusal.detail]).toEqual([code, { expected }]);
    expect(verdict(parse(compactOf({ alg: 'ES256' }, good)))).toBe('passed');
  });

  it('the refusal detail of issuer_untrusted shows the iss that was found', () => {
    const detail = { expected: 'iss: a trusted issuer', found: '"https://issuer.test"' };
    expect(refusalIn(new ConfiguredIssuers(new Map()).find(parsedToken())).detail).toEqual(detail);
    expect(new ConfiguredIssuers(new Map([['https://issuer.test', 'rules']])).find(parsedToken())).toBe('rules');
  });
});

it('the length limit does not apply to a jti that is not a string, since the claim rules check its type', () => {
  for (const jti of [Array(300).fill(0), { length: 300 }, null]) {
    expect(verdict(parse(compactOf({ alg: 'ES256' }, { ...good, jti })))).toBe('passed');
  }
});
