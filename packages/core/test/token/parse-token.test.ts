import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Credential } from '../../src/model/stages.js';
import { parseToken } from '../../src/token/parse-token.js';
import { compactOf, segment } from '../support/segments.js';
import { passed, refusalIn, verdict } from '../support/verdict.js';

const maxTokenBytes = 8192;
const parse = (token: string, cap = maxTokenBytes) =>
  parseToken(new Credential('Bearer', token), { maxTokenBytes: cap });
const verdictOn = (header: unknown, payload: unknown = { iss: 'https://issuer.test' }) =>
  verdict(parse(compactOf(header, payload)));

/** A good token of exactly `length` characters. */
function tokenOf(length: number): string {
  // No segment has a length of 1 modulo 4: where the signature cannot fill the rest, the header grows.
  for (let padding = 0; ; padding++) {
    const start = compactOf({ alg: 'ES256', padding: 'p'.repeat(padding) }, { iss: 'x' }, '');
    const token = start + segment(Buffer.alloc(Math.floor(((length - start.length) * 3) / 4)));
    if (token.length === length) return token;
  }
}

describe('D-27, D-06: a token has at most maxTokenBytes octets', () => {
  it.each([1024, 8192, 65_536])('%i octets are read, one more is refused', (cap) => {
    expect(verdict(parse(tokenOf(cap), cap))).toBe('passed');
    expect(verdict(parse(tokenOf(cap + 1), cap))).toBe('token_too_large');
  });

  it('size is asked before form: what is too large is not even counted for dots', () => {
    expect(verdict(parse('x'.repeat(8193)))).toBe('token_too_large');
    expect(verdict(parse('.'.repeat(8193)))).toBe('token_too_large');
  });
});

describe('what has not three segments is opaque, what has three and cannot be read is malformed', () => {
  it.each([
    ['random characters', segment(Buffer.alloc(32, 7))],
    ['one dot', 'a.b'],
    ['three dots', 'a.b.c.d'],
    ['a JWE', `${compactOf({ alg: 'dir', enc: 'A256GCM' }, '', '')}.a.b`],
    ['a dot before a JWS', `.${compactOf({ alg: 'ES256' }, { iss: 'x' })}`],
    ['a dot behind a JWS', `${compactOf({ alg: 'ES256' }, { iss: 'x' })}.`],
  ])('%s: token_opaque', (_what, token) => {
    expect(verdict(parse(token))).toBe('token_opaque');
  });

  it.each([
    ['empty segments', '..'],
    ['letters that are no JSON', 'a.b.c'],
    ['padding', `${compactOf({ alg: 'ES256' }, { iss: 'x' })}=`],
    ['a payload that is an array', compactOf({ alg: 'ES256' }, [{ iss: 'x' }])],
    ['an encoded payload that is not JSON', compactOf({ alg: 'ES256' }, 'hello')],
  ])('%s: token_malformed', (_what, token) => {
    expect(verdict(parse(token))).toBe('token_malformed');
  });
});

describe('RFC 7515 section 4.1: header parameters that are read are strings', () => {
  it.each([undefined, null, 1, ['ES256'], { a: 1 }, true])('alg %j is malformed', (alg) => {
    expect(verdictOn({ alg })).toBe('token_malformed');
  });

  it.each(['ES256', 'none', 'HS256', 'es256', ''])(
    'alg %j is handed on: whether it is allowed is asked of the issuer',
    (alg) => {
      expect(passed(parse(compactOf({ alg }, { iss: 'x' }))).algorithm).toBe(alg);
    },
  );

  it.each([null, 1, ['at+jwt'], {}])('typ %j is malformed', (typ) => {
    expect(verdictOn({ alg: 'ES256', typ })).toBe('token_malformed');
    expect(verdictOn({ alg: 'ES256', typ: 'at+jwt' })).toBe('passed');
  });

  it.each([null, 1, ['k'], { k: 1 }])('kid %j is malformed', (kid) => {
    expect(verdictOn({ alg: 'ES256', kid })).toBe('token_malformed');
    expect(verdictOn({ alg: 'ES256', kid: 'k' })).toBe('passed');
  });

  it.each(['k', '', '../a', undefined])(
    'kid %j is handed on: whether there is such a key is asked of the issuer',
    (kid) => {
      expect(passed(parse(compactOf({ alg: 'ES256', kid }, { iss: 'x' }))).kid).toBe(kid);
    },
  );

  it('unknown parameters are ignored', () => {
    expect(verdictOn({ alg: 'ES256', foo: 1, cty: 'x', constructor: 1 })).toBe('passed');
  });
});

describe('D-13: what changes how a JWS is read refuses it', () => {
  it.each([[['exp2']], [[]], [['b64']], [['alg']], ['b64'], [null], [1], [['x', 'x']]])('crit %j', (crit) => {
    expect(verdictOn({ alg: 'ES256', crit, exp2: 1 })).toBe('token_malformed');
  });

  it.each([true, false, null, 'false'])('b64 %j, with crit and without', (b64) => {
    expect(verdictOn({ alg: 'ES256', b64 })).toBe('token_malformed');
    expect(verdictOn({ alg: 'ES256', b64, crit: ['b64'] })).toBe('token_malformed');
  });

  it('jwk, jku, x5u and x5c are neither read nor a fault', () => {
    const header = { alg: 'ES256', jwk: { kty: 'EC' }, jku: 'https://evil.test', x5u: 'https://evil.test', x5c: [1] };
    const parsed = passed(parse(compactOf(header, { iss: 'x' })));
    expect(Object.keys(parsed).sort()).toEqual(['algorithm', 'credential', 'issuer', 'kid']);
  });
});

describe('D-27: kid and jti have at most 256 characters', () => {
  it.each([
    ['kid', (id: string) => verdictOn({ alg: 'ES256', kid: id })],
    ['jti', (id: string) => verdictOn({ alg: 'ES256' }, { iss: 'x', jti: id })],
  ])('%s', (_name, verdictWith) => {
    expect(verdictWith('i'.repeat(256))).toBe('passed');
    expect(verdictWith('i'.repeat(257))).toBe('token_malformed');
    expect(verdictWith('é'.repeat(256))).toBe('passed');
  });
});

describe('a token names its issuer', () => {
  it('without iss a claim is missing', () => {
    expect(refusalIn(parse(compactOf({ alg: 'ES256' }, { sub: 'x' })))).toMatchObject({
      code: 'claim_missing',
      detail: { expected: 'iss' },
    });
  });

  it('an iss in the header is no iss', () => {
    expect(verdictOn({ alg: 'ES256', iss: 'x' }, {})).toBe('claim_missing');
  });

  it.each([null, 1, ['https://issuer.test'], {}, false])('iss %j is malformed', (iss) => {
    expect(verdictOn({ alg: 'ES256' }, { iss })).toBe('claim_malformed');
  });
});

it('neither a parsed token nor a refusal shows the token', () => {
  const token = compactOf({ alg: 'ES256' }, { iss: 'x', secret: 'hush' });
  const refused = parse(compactOf({ alg: 'ES256', kid: 'hush'.repeat(99) }, { iss: 'x' }));
  for (const shown of [passed(parse(token)), refusalIn(refused)]) {
    const text = inspect(shown, { depth: 9 }) + JSON.stringify(shown);
    expect(text).not.toContain('hush');
    expect(text).not.toContain(token);
  }
});
