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
  // No base64url segment has a length of 1 modulo 4. If the signature cannot fill the rest, the
  // header grows.
  for (let padding = 0; ; padding++) {
    const start = compactOf({ alg: 'ES256', padding: 'p'.repeat(padding) }, { iss: 'x' }, '');
    const token = start + segment(Buffer.alloc(Math.floor(((length - start.length) * 3) / 4)));
    if (token.length === length) return token;
  }
}

describe('the size limit maxTokenBytes (D-27, D-06)', () => {
  it.each([1024, 8192, 65_536])(
    'a token of %i octets is parsed, one octet more is token_too_large (D-27, D-06)',
    (cap) => {
      expect(verdict(parse(tokenOf(cap), cap))).toBe('passed');
      expect(verdict(parse(tokenOf(cap + 1), cap))).toBe('token_too_large');
    },
  );

  it('the size is checked before the structure of the token', () => {
    expect(verdict(parse('x'.repeat(8193)))).toBe('token_too_large');
    expect(verdict(parse('.'.repeat(8193)))).toBe('token_too_large');
  });
});

describe('opaque and malformed tokens', () => {
  it.each([
    ['random characters', segment(Buffer.alloc(32, 7))],
    ['one dot', 'a.b'],
    ['three dots', 'a.b.c.d'],
    ['a JWE', `${compactOf({ alg: 'dir', enc: 'A256GCM' }, '', '')}.a.b`],
    ['a leading dot', `.${compactOf({ alg: 'ES256' }, { iss: 'x' })}`],
    ['a trailing dot', `${compactOf({ alg: 'ES256' }, { iss: 'x' })}.`],
  ])('a token that does not have three segments is refused with token_opaque: %s', (_what, token) => {
    expect(verdict(parse(token))).toBe('token_opaque');
  });

  it.each([
    ['empty segments', '..'],
    ['segments that are not JSON', 'a.b.c'],
    ['padding', `${compactOf({ alg: 'ES256' }, { iss: 'x' })}=`],
    ['a payload that is an array', compactOf({ alg: 'ES256' }, [{ iss: 'x' }])],
    ['an encoded payload that is not JSON', compactOf({ alg: 'ES256' }, 'hello')],
  ])('a token of three invalid segments is refused with token_malformed: %s', (_what, token) => {
    expect(verdict(parse(token))).toBe('token_malformed');
  });
});

describe('header parameters of a token (RFC 7515 section 4.1)', () => {
  it.each([undefined, null, 1, ['ES256'], { a: 1 }, true])(
    'a token with alg %j is refused with token_malformed',
    (alg) => {
      expect(verdictOn({ alg })).toBe('token_malformed');
    },
  );

  it.each(['ES256', 'none', 'HS256', 'es256', ''])(
    'alg %j is passed on, since the issuer decides which algorithms are allowed',
    (alg) => {
      expect(passed(parse(compactOf({ alg }, { iss: 'x' }))).algorithm).toBe(alg);
    },
  );

  it.each([null, 1, ['at+jwt'], {}])('a token with typ %j is refused with token_malformed', (typ) => {
    expect(verdictOn({ alg: 'ES256', typ })).toBe('token_malformed');
    expect(verdictOn({ alg: 'ES256', typ: 'at+jwt' })).toBe('passed');
  });

  it.each([null, 1, ['k'], { k: 1 }])('a token with kid %j is refused with token_malformed', (kid) => {
    expect(verdictOn({ alg: 'ES256', kid })).toBe('token_malformed');
    expect(verdictOn({ alg: 'ES256', kid: 'k' })).toBe('passed');
  });

  it.each(['k', '', '../a', undefined])(
    'kid %j is passed on, since the keys of the issuer decide whether it exists',
    (kid) => {
      expect(passed(parse(compactOf({ alg: 'ES256', kid }, { iss: 'x' }))).kid).toBe(kid);
    },
  );

  it('unknown header parameters are ignored', () => {
    expect(verdictOn({ alg: 'ES256', foo: 1, cty: 'x', constructor: 1 })).toBe('passed');
  });
});

describe('header parameters that change how a JWS is read (D-13)', () => {
  it.each([[['exp2']], [[]], [['b64']], [['alg']], ['b64'], [null], [1], [['x', 'x']]])(
    'a token with crit %j is refused with token_malformed (D-13)',
    (crit) => {
      expect(verdictOn({ alg: 'ES256', crit, exp2: 1 })).toBe('token_malformed');
    },
  );

  it.each([true, false, null, 'false'])(
    'a token with b64 %j is refused with token_malformed, with and without crit (D-13)',
    (b64) => {
      expect(verdictOn({ alg: 'ES256', b64 })).toBe('token_malformed');
      expect(verdictOn({ alg: 'ES256', b64, crit: ['b64'] })).toBe('token_malformed');
    },
  );

  it('jwk, jku, x5u and x5c in the header are ignored', () => {
    const header = { alg: 'ES256', jwk: { kty: 'EC' }, jku: 'https://evil.test', x5u: 'https://evil.test', x5c: [1] };
    const parsed = passed(parse(compactOf(header, { iss: 'x' })));
    expect(Object.keys(parsed).sort()).toEqual(['algorithm', 'credential', 'issuer', 'kid']);
  });
});

describe('the length limit of kid and jti (D-27)', () => {
  it.each([
    ['kid', (id: string) => verdictOn({ alg: 'ES256', kid: id })],
    ['jti', (id: string) => verdictOn({ alg: 'ES256' }, { iss: 'x', jti: id })],
  ])('%s has at most 256 characters (D-27)', (_name, verdictWith) => {
    expect(verdictWith('i'.repeat(256))).toBe('passed');
    expect(verdictWith('i'.repeat(257))).toBe('token_malformed');
    expect(verdictWith('é'.repeat(256))).toBe('passed');
  });
});

describe('iss of a parsed token', () => {
  it('a token without iss is refused with claim_missing', () => {
    expect(refusalIn(parse(compactOf({ alg: 'ES256' }, { sub: 'x' })))).toMatchObject({
      code: 'claim_missing',
      detail: { expected: 'iss' },
    });
  });

  it('iss in the header does not replace iss in the payload', () => {
    expect(verdictOn({ alg: 'ES256', iss: 'x' }, {})).toBe('claim_missing');
  });

  it.each([null, 1, ['https://issuer.test'], {}, false])(
    'a token with iss %j is refused with claim_malformed',
    (iss) => {
      expect(verdictOn({ alg: 'ES256' }, { iss })).toBe('claim_malformed');
    },
  );
});

it('inspect and JSON of a parsed token and of a refusal do not contain the token', () => {
  const token = compactOf({ alg: 'ES256' }, { iss: 'x', secret: 'hush' });
  const refused = parse(compactOf({ alg: 'ES256', kid: 'hush'.repeat(99) }, { iss: 'x' }));
  for (const shown of [passed(parse(token)), refusalIn(refused)]) {
    const text = inspect(shown, { depth: 9 }) + JSON.stringify(shown);
    expect(text).not.toContain('hush');
    expect(text).not.toContain(token);
  }
});
