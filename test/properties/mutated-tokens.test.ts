import { createMockIssuer } from '@resource-server/mock-issuer';
import fc from 'fast-check';
import { compactVerify, createLocalJWKSet } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { createResourceServer } from '../../packages/core/src/resource-server.js';
import { mutated, tokenMutations } from './support/mutations.js';
import { propertiesOf } from './support/properties.js';
import { ownStamps } from './support/stamps.js';

const property = propertiesOf(import.meta.filename);
const issuer = await createMockIssuer({ algorithms: ownStamps });
const server = createResourceServer({
  issuer: { issuer: issuer.issuer, jwks: issuer.jwks },
  audience: 'https://api.example.com',
});
afterAll(async () => {
  await Promise.all([server.close(), issuer.close()]);
});

const verdictOn = async (token: string) => {
  const decision = await server.checkToken(token);
  return decision.granted ? 'granted' : `${decision.status} ${decision.error.code}`;
};

/** Valid tokens of several shapes, so that their segments end with every number of unused bits. */
function goodTokens(alg: (typeof ownStamps)[number]): Promise<string[]> {
  const scopes = ['', 'read', 'read write', 'ü'];
  return Promise.all(scopes.map((scope) => issuer.token({ alg, scope, expiresInSeconds: 86_400 })));
}

describe.each(ownStamps)('mutated tokens with the algorithm %s', async (alg) => {
  const tokens = await goodTokens(alg);

  property(
    'a token changed at any position is refused, and an unchanged one is accepted [RS-7515-5.2-c] [RS-6750-3.1-b]',
    fc.record({ token: fc.nat({ max: tokens.length - 1 }), mutations: tokenMutations }),
    async ({ token, mutations }) => {
      const original = tokens[token] ?? '';
      const changed = mutated(original, mutations);
      const verdict = await verdictOn(changed);
      if (changed === original) expect(verdict).toBe('granted');
      else expect(verdict).toMatch(/^401 /);
    },
    { examples: tokens.map((_, token) => ({ token, mutations: [] })) },
  );

  property(
    'a token composed of segments of two valid tokens is refused [RS-9068-4-g]',
    fc.tuple(...[0, 1, 2].map(() => fc.nat({ max: tokens.length - 1 }))),
    async (choice) => {
      const mixed = choice.map((which, segment) => tokens[which]?.split('.')[segment]).join('.');
      const verdict = await verdictOn(mixed);
      if (tokens.includes(mixed)) expect(verdict).toBe('granted');
      else expect(verdict).toBe('401 signature_invalid');
    },
    { share: 0.1 },
  );
});

const orders = {
  // RFC 8032 section 5.1, FIPS 186-5 for P-256.
  Ed25519: 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n,
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

describe('signatures derived from a valid one without the key', () => {
  it('an Ed25519 signature with S plus the order of the curve is refused (RFC 8032 section 5.1.7)', async () => {
    const token = await issuer.token({ alg: 'Ed25519' });
    const twin = withSignature(token, (octets) => {
      const s = BigInt(`0x${Buffer.from(octets.subarray(32)).reverse().toString('hex')}`);
      return Buffer.concat([octets.subarray(0, 32), bytesOf(s + orders.Ed25519, 32).reverse()]);
    });
    expect(await verdictOn(twin)).toBe('401 signature_invalid');
  });

  it.each(['RS256', 'PS256'] as const)('a %s signature plus the modulus is refused [RS-7518-3.3-d]', async (alg) => {
    const { publicJwk } = await issuer.keys.current(alg);
    const modulus = BigInt(`0x${Buffer.from(publicJwk.n ?? '', 'base64url').toString('hex')}`);
    // The sum fits into the length of a signature for about every fourth signature.
    for (let tried = 0; tried < 200; tried++) {
      const token = await issuer.token({ alg });
      const twin = withSignature(token, (octets) => {
        const sum = BigInt(`0x${octets.toString('hex')}`) + modulus;
        return sum < 2n ** 2048n ? bytesOf(sum, 256) : octets;
      });
      if (twin === token) continue;
      expect(await verdictOn(twin)).toBe('401 signature_invalid');
      return;
    }
    expect.unreachable('no sum had the length of a signature');
  });

  // RFC 7518 section 3.4 does not require the smaller S. The claims are the same, the bytes differ.
  it('an ES256 signature with n minus S is the only other spelling, accepted by jose too', async () => {
    const token = await issuer.token({ alg: 'ES256' });
    const twin = withSignature(token, (octets) => {
      const s = BigInt(`0x${octets.subarray(32).toString('hex')}`);
      return Buffer.concat([octets.subarray(0, 32), bytesOf(orders.ES256 - s, 32)]);
    });
    expect(twin).not.toBe(token);
    await compactVerify(twin, createLocalJWKSet(issuer.jwks));
    expect(await verdictOn(twin)).toBe('granted');
  });
});

function withSignature(token: string, change: (octets: Buffer) => Buffer): string {
  const end = token.lastIndexOf('.') + 1;
  return token.slice(0, end) + change(Buffer.from(token.slice(end), 'base64url')).toString('base64url');
}

function bytesOf(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}
