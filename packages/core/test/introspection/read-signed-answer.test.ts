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

/** The result of a valid signed answer with these changes. */
async function outcome(changes: Changes = {}): Promise<unknown> {
  const { by = signer } = changes;
  const text = changes.text ?? compactJws({ ...header, ...changes.header }, { ...claims, ...changes.claims }, by);
  const type = 'type' in changes ? changes.type : contentType;
  const answer = await readSignedAnswer(documentOf(text, type), settings, 1000);
  return answer instanceof Malformed ? answer.reason : (answer.claims ?? 'inactive');
}

describe('signed introspection answers (RFC 9701, D-22)', () => {
  it('the claims of a signed answer are those of its token_introspection member', async () => {
    expect(await outcome()).toEqual({ active: true, sub: 'ada' });
    expect(await outcome({ claims: { token_introspection: { active: false } } })).toBe('inactive');
  });

  it.each([contentType, 'Application/Token-Introspection+JWT', `${contentType}; charset=utf-8`])(
    'a signed answer with the content type %s is accepted',
    async (type) => {
      expect(await outcome({ type })).toMatchObject({ active: true });
    },
  );

  it.each(['application/json', 'application/jwt', 'text/plain', '', undefined, `x${contentType}`])(
    'a signed answer with the content type %s is refused (D-22)',
    async (type) => {
      expect(await outcome({ type })).toBe(`not ${contentType}`);
    },
  );

  it('plain JSON instead of a signed answer is refused, whatever its content type (D-22)', async () => {
    expect(await outcome({ text: '{"active":true}' })).toBe('not a signed JWT');
    expect(await outcome({ text: '{"active":true}', type: 'application/json' })).toBe(`not ${contentType}`);
  });

  it.each(['token-introspection+jwt', 'application/token-introspection+jwt', 'Token-Introspection+JWT'])(
    'a signed answer with the typ %s is accepted',
    async (typ) => {
      expect(await outcome({ header: { typ } })).toMatchObject({ active: true });
    },
  );

  it.each(['JWT', 'at+jwt', 'statuslist+jwt', '', undefined, 1])(
    'typ %s is refused, so that no other JWT of the issuer passes as an answer (RFC 8725 section 3.11)',
    async (typ) => {
      expect(await outcome({ header: { typ } })).toBe('typ: not token-introspection+jwt');
    },
  );

  it.each([undefined, 'https://issuer.test/', 'https://other.test', null, [issuer]])(
    'a signed answer with iss %j is refused',
    async (iss) => {
      expect(await outcome({ claims: { iss } })).toBe('iss: not the issuer');
    },
  );

  it.each(['api', 'https://api.test', ['other', 'api']])('a signed answer with aud %j is accepted', async (aud) => {
    expect(await outcome({ claims: { aud } })).toMatchObject({ active: true });
  });

  it.each([undefined, 'other', 'API', [], ['other'], [['api']], null, { api: true }])(
    'a signed answer with aud %j is refused',
    async (aud) => {
      expect(await outcome({ claims: { aud } })).toBe('aud: does not name this resource server');
    },
  );

  it.each([undefined, '1000', null, -1, 939, 1061])('a signed answer with iat %j is refused', async (iat) => {
    expect(await outcome({ claims: { iat } })).toBe('iat: not within 60 s of now');
  });

  it("a signed answer by a key that is not the issuer's is refused", async () => {
    expect(await outcome({ by: signerOf('ES256') })).toBe("signature: not the issuer's");
  });

  it.each([
    ['an algorithm that is not configured', 'ES384'],
    ['HMAC', 'HS256'],
    ['alg none', 'none'],
    ['an unknown algorithm', 'XS256'],
    ['no alg', undefined],
  ])('a signed answer with %s is refused (D-13)', async (_, alg) => {
    expect(await outcome({ header: { alg } })).toBe('alg: not allowed');
  });

  it('an unsigned answer is refused (D-13)', async () => {
    const unsigned = `${segment({ ...header, alg: 'none' })}.${segment(claims)}.`;
    expect(await outcome({ text: unsigned })).not.toMatchObject({ active: true });
    expect(typeof (await outcome({ text: unsigned }))).toBe('string');
  });

  it('a JWE is refused as a signed answer (D-13)', async () => {
    expect(await outcome({ text: 'eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d' })).toBe('not a signed JWT');
  });

  it.each(['crit', 'b64'])('a signed answer with %s in its header is refused (D-13)', async (name) => {
    expect(await outcome({ header: { [name]: ['b64'] } })).toBe('crit or b64: not supported');
  });

  it('a signed answer whose kid is not a string or unknown is refused', async () => {
    expect(await outcome({ header: { kid: 7 } })).toBe('kid: not a string');
    expect(await outcome({ header: { kid: 'another' } })).toBe('no key to verify it (key_unknown)');
  });

  it.each([undefined, null, true, 'active', [{ active: true }]])(
    'a token_introspection member of %j is refused, even with active next to it (D-22)',
    async (answer) => {
      const changes = { claims: { token_introspection: answer, active: true, sub: 'eve' } };
      expect(await outcome(changes)).toBe('token_introspection: not an object');
    },
  );

  it('members next to token_introspection are ignored (D-22)', async () => {
    const nested = { active: false };
    expect(await outcome({ claims: { token_introspection: nested, active: true, sub: 'eve' } })).toBe('inactive');
    expect(await outcome({ claims: { active: false, sub: 'eve' } })).toEqual({ active: true, sub: 'ada' });
  });

  it.each(['true', 1, null, undefined])(
    'active in a signed answer must be a boolean, not %j (D-22)',
    async (active) => {
      expect(await outcome({ claims: { token_introspection: { active } } })).toBe('active: not a boolean');
    },
  );
});
