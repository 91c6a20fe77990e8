import { describe, expect, it } from 'vitest';
import { readSignedAnswer } from '../../src/introspection/read-signed-answer.js';
import { Malformed } from '../../src/jws/malformed.js';
import { compactJws, segment } from '../support/compact-jws.js';
import { keysOf } from '../support/key-source-of.js';
import { signerOf } from '../support/signers.js';
import { documentOf } from '../support-network/introspection-fetcher.js';

const issuer = 'https://issuer.test';
const signer = signerOf('ES256');
const settings = {
  issuer,
  algorithms: new Set(['ES256'] as const),
  keys: keysOf(signer),
  audience: ['api', 'https://api.test'],
};
const contentType = 'application/token-introspection+jwt';
const header = { alg: 'ES256', typ: 'token-introspection+jwt' };
const claims = { iss: issuer, aud: 'api', iat: 1000, token_introspection: { active: true, sub: 'ada' } };

interface Changes {
  readonly type?: string | undefined;
  readonly header?: object;
  readonly claims?: object;
  readonly by?: typeof signer;
  readonly text?: string;
}

/** What a good answer with these changes comes to. */
async function outcome(changes: Changes = {}): Promise<unknown> {
  const { by = signer } = changes;
  const text = changes.text ?? compactJws({ ...header, ...changes.header }, { ...claims, ...changes.claims }, by);
  const type = 'type' in changes ? changes.type : contentType;
  const answer = await readSignedAnswer(documentOf(text, type), settings, 1000);
  return answer instanceof Malformed ? answer.reason : (answer.claims ?? 'inactive');
}

describe('D-22: an answer that the issuer signed (RFC 9701)', () => {
  it('says what its nested member says', async () => {
    expect(await outcome()).toEqual({ active: true, sub: 'ada' });
    expect(await outcome({ claims: { token_introspection: { active: false } } })).toBe('inactive');
  });

  it.each([contentType, 'Application/Token-Introspection+JWT', `${contentType}; charset=utf-8`])(
    'comes as %s',
    async (type) => {
      expect(await outcome({ type })).toMatchObject({ active: true });
    },
  );

  it.each(['application/json', 'application/jwt', 'text/plain', '', undefined, `x${contentType}`])(
    'D-22: does not come as %s',
    async (type) => {
      expect(await outcome({ type })).toBe(`not ${contentType}`);
    },
  );

  it('D-22: is no JSON, whatever its content type says', async () => {
    expect(await outcome({ text: '{"active":true}' })).toBe('not a signed JWT');
    expect(await outcome({ text: '{"active":true}', type: 'application/json' })).toBe(`not ${contentType}`);
  });

  it.each(['token-introspection+jwt', 'application/token-introspection+jwt', 'Token-Introspection+JWT'])(
    'has the typ %s',
    async (typ) => {
      expect(await outcome({ header: { typ } })).toMatchObject({ active: true });
    },
  );

  it.each(['JWT', 'at+jwt', 'statuslist+jwt', '', undefined, 1])(
    'RFC 8725 section 3.11: has not the typ %s, so that no other JWT of the issuer is an answer',
    async (typ) => {
      expect(await outcome({ header: { typ } })).toBe('typ: not token-introspection+jwt');
    },
  );

  it.each([undefined, 'https://issuer.test/', 'https://other.test', null, [issuer]])(
    'is of nobody else: iss %j',
    async (iss) => {
      expect(await outcome({ claims: { iss } })).toBe('iss: not the issuer');
    },
  );

  it.each(['api', 'https://api.test', ['other', 'api']])('is for us: aud %j', async (aud) => {
    expect(await outcome({ claims: { aud } })).toMatchObject({ active: true });
  });

  it.each([undefined, 'other', 'API', [], ['other'], [['api']], null, { api: true }])(
    'is for nobody else: aud %j',
    async (aud) => {
      expect(await outcome({ claims: { aud } })).toBe('aud: not us');
    },
  );

  it.each([undefined, '1000', null, -1, 939, 1061])('was made now: not iat %j', async (iat) => {
    expect(await outcome({ claims: { iat } })).toBe('iat: not now');
  });

  it('is signed by the issuer: another key is none', async () => {
    expect(await outcome({ by: signerOf('ES256') })).toBe("signature: not the issuer's");
  });

  it.each([
    ['an algorithm that this issuer may not use', 'ES384'],
    ['HMAC', 'HS256'],
    ['none', 'none'],
    ['an unknown algorithm', 'XS256'],
    ['no algorithm', undefined],
  ])('D-13: is not signed with %s', async (_, alg) => {
    expect(await outcome({ header: { alg } })).toBe('alg: not allowed');
  });

  it('D-13: is not unsigned', async () => {
    const unsigned = `${segment({ ...header, alg: 'none' })}.${segment(claims)}.`;
    expect(await outcome({ text: unsigned })).not.toMatchObject({ active: true });
    expect(typeof (await outcome({ text: unsigned }))).toBe('string');
  });

  it('D-13: is no JWE', async () => {
    expect(await outcome({ text: 'eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d' })).toBe('not a signed JWT');
  });

  it.each(['crit', 'b64'])('D-13: has no %s', async (name) => {
    expect(await outcome({ header: { [name]: ['b64'] } })).toBe('crit or b64: not supported');
  });

  it('has a kid that is text, and known', async () => {
    expect(await outcome({ header: { kid: 7 } })).toBe('kid: not a string');
    expect(await outcome({ header: { kid: 'another' } })).toBe('no key to verify it (key_unknown)');
  });

  it.each([undefined, null, true, 'active', [{ active: true }]])(
    'D-22: has the answer in one nested object: not %j, also with active beside it',
    async (answer) => {
      const changes = { claims: { token_introspection: answer, active: true, sub: 'eve' } };
      expect(await outcome(changes)).toBe('token_introspection: not an object');
    },
  );

  it('D-22: what stands beside the nested member says nothing of the token', async () => {
    const nested = { active: false };
    expect(await outcome({ claims: { token_introspection: nested, active: true, sub: 'eve' } })).toBe('inactive');
    expect(await outcome({ claims: { active: false, sub: 'eve' } })).toEqual({ active: true, sub: 'ada' });
  });

  it.each(['true', 1, null, undefined])('D-22: active is literally true or false, not %j', async (active) => {
    expect(await outcome({ claims: { token_introspection: { active } } })).toBe('active: not a boolean');
  });
});
