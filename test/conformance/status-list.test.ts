import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '@resource-server/mock-issuer';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audience } from '../suite/world.js';
import { jwksOf, verdict } from './ask.js';

const statusLists = { revocation: { statusLists: true } } as const;

async function looking(
  issuerOptions: MockIssuerOptions = {},
  options: Partial<ResourceServerOptions> = {},
): Promise<{ readonly issuer: MockIssuer; readonly server: ResourceServer }> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience, ...issuerOptions });
  const server = createResourceServer({
    issuer: issuer.issuer,
    audience,
    clock: issuer.clock,
    ...statusLists,
    ...options,
  });
  onTestFinished(async () => void (await Promise.all([issuer.close(), server.close()])));
  return { issuer, server };
}

const fetches = (issuer: MockIssuer) => issuer.requests.count('statusList');

describe('a token that refers to a list', () => {
  it.each([
    ['valid', 'granted'],
    ['invalid', 'token_revoked'],
    ['suspended', 'token_revoked'],
    [3, 'token_revoked'],
  ] as const)('[RS-TSL-7-a] with the status %s', async (status, expected) => {
    const { issuer, server } = await looking();
    expect(await verdict(server, await issuer.token({ status }))).toBe(expected);
  });

  it('[RS-TSL-8.1-a] makes a request for its media type', async () => {
    const { issuer, server } = await looking();
    await verdict(server, await issuer.token({ status: 'valid' }));
    expect(issuer.requests.last('statusList')).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/statuslist+jwt' },
    });
  });

  it('[RS-TSL-8.3-a] makes none where it is not valid by itself', async () => {
    const { issuer, server } = await looking();
    expect(await verdict(server, await issuer.bad.expired({ status: 'valid' }))).toBe('token_expired');
    expect(await verdict(server, await issuer.bad.wrongAudience({ status: 'valid' }))).toBe('audience_mismatch');
    expect(await verdict(server, await issuer.bad.tampered({ status: 'valid' }))).toBe('signature_invalid');
    expect(fetches(issuer)).toBe(0);
    expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('granted');
    expect(fetches(issuer)).toBe(1);
  });

  it('makes none where nobody asked for it, or the token refers to none', async () => {
    const { issuer, server } = await looking();
    expect(await verdict(server, await issuer.token())).toBe('granted');
    const careless = createResourceServer({ issuer: issuer.issuer, audience, clock: issuer.clock });
    onTestFinished(() => careless.close());
    expect(await verdict(careless, await issuer.token({ status: 'invalid' }))).toBe('granted');
    expect(fetches(issuer)).toBe(0);
  });

  it.each([
    ['idx below zero', { idx: -1 }],
    ['idx with a fraction', { idx: 1.5 }],
    ['idx as text', { idx: '3' }],
    ['idx beyond what numbers can hold', { idx: 2 ** 53 }],
    ['no idx', { idx: undefined }],
    ['no uri', { uri: undefined }],
    ['a uri that is none', { uri: 'list' }],
    ['a uri that is a number', { uri: 7 }],
  ])('[RS-TSL-6.2-a] is refused with %s', async (_, changes) => {
    const { issuer, server } = await looking();
    const reference = { idx: 0, uri: issuer.statusList.uri };
    const withReference = (status_list: object) => issuer.token({ claims: { status: { status_list } } });
    expect(await verdict(server, await withReference({ ...reference, ...changes }))).toBe('claim_malformed');
    expect(fetches(issuer)).toBe(0);
    expect(await verdict(server, await withReference(reference))).toBe('granted');
  });

  it('[RS-TSL-8.3-d] is refused where its index is beyond the end', async () => {
    const { issuer, server } = await looking({ statusList: { size: 16 } });
    const at = (idx: number) =>
      issuer.token({ claims: { status: { status_list: { idx, uri: issuer.statusList.uri } } } });
    expect(await verdict(server, await at(15))).toBe('granted');
    expect(await verdict(server, await at(16))).toBe('claim_malformed');
  });
});

describe('a list', () => {
  it.each(['wrongTyp', 'wrongSubject', 'expired', 'badZlib', 'wrongBits', 'otherKey', 'hmac'] as const)(
    '[RS-TSL-5.1-a] [RS-TSL-8.3-b] [RS-TSL-8.3-c] [RS-TSL-key-a] [RS-TSL-mac-a] says nothing with this fault: %s',
    async (fault) => {
      const { issuer, server } = await looking();
      const token = await issuer.token({ status: 'valid' });
      issuer.faults.statusList(fault);
      expect(await verdict(server, token)).toBe('revocation_unavailable');
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(await verdict(server, token)).toBe('granted');
    },
  );

  it.each(['down', '500', '503', 'html', 'truncated', 'huge', 'redirect'] as const)(
    '[RS-TSL-8.3-e] [RS-TSL-11-a] that cannot be had keeps its tokens out, and no others: %s',
    async (fault) => {
      const { issuer, server } = await looking();
      issuer.faults.statusList(fault);
      expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('revocation_unavailable');
      expect(await verdict(server, await issuer.token())).toBe('granted');
      expect(issuer.requests.count('decoy')).toBe(0);
    },
  );

  it('[RS-TSL-8.2-a] counts for its ttl, whatever HTTP says of caching', async () => {
    const { issuer, server } = await looking({
      statusList: { ttlSeconds: 60, cacheControl: 'public, max-age=1000000000' },
    });
    const token = await issuer.token({ status: 'valid', expiresInSeconds: 3600 });
    await verdict(server, token);
    issuer.revoke(token);
    issuer.clock.advance(59);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['granted', 1]);
    issuer.clock.advance(1);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['token_revoked', 2]);
  });

  it('[RS-TSL-8.2-a] [RS-TSL-8.3-c] counts until its exp, where that is sooner', async () => {
    const { issuer, server } = await looking({
      statusList: { ttlSeconds: 600, expiresInSeconds: 30, cacheControl: 'no-store' },
    });
    const token = await issuer.token({ status: 'valid' });
    await verdict(server, token);
    issuer.clock.advance(29);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['granted', 1]);
    issuer.clock.advance(2);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['granted', 2]);
  });

  it('[RS-TSL-11-a] that inflates to more than 2 MiB is none', async () => {
    const { issuer, server } = await looking();
    const token = await issuer.token({ status: 'valid' });
    issuer.faults.statusList('bomb');
    const before = process.memoryUsage().rss;
    expect(await verdict(server, token)).toBe('revocation_unavailable');
    // The fault makes 128 MiB of zeros; those who inflate them have them.
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('[RS-TSL-11-a] is looked for with the issuer alone, not where its token says', async () => {
    const elsewhere = await createMockIssuer({ alg: 'ES256', audience });
    onTestFinished(() => elsewhere.close());
    const { issuer, server } = await looking();
    const status = { status_list: { idx: 0, uri: elsewhere.statusList.uri } };
    expect(await verdict(server, await issuer.token({ claims: { status } }))).toBe('revocation_unavailable');
    expect(fetches(elsewhere)).toBe(0);
    expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('granted');
  });

  it('[RS-TSL-key-a] of another issuer that is trusted too says nothing of this one', async () => {
    const [ours, theirs] = [
      await createMockIssuer({ alg: 'ES256', audience }),
      await createMockIssuer({ alg: 'ES256', audience }),
    ];
    const server = createResourceServer({
      issuer: [ours, theirs].map((issuer) => ({ issuer: issuer.issuer, jwks: jwksOf(issuer) })),
      audience,
      ...statusLists,
      keys: { allowedHosts: [ours, theirs].map(({ issuer }) => new URL(issuer).host) },
    });
    onTestFinished(async () => void (await Promise.all([ours.close(), theirs.close(), server.close()])));
    const status = { status_list: { idx: 0, uri: theirs.statusList.uri } };
    await theirs.token({ status: 'valid' });
    expect(await verdict(server, await ours.token({ claims: { status } }))).toBe('revocation_unavailable');
    expect(fetches(theirs)).toBe(1);
    expect(await verdict(server, await theirs.token({ status: 'valid' }))).toBe('granted');
  });
});

describe('[RS-TSL-4.1-a] lists as the draft shows them', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k' }] };
  const issuer = 'https://issuer.test';
  const uri = `${issuer}/lists/1`;
  const sign = (typ: string, claims: Record<string, unknown>, key: KeyObject = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(key);
  const now = Math.floor(Date.now() / 1000);

  /** The indexes of this list, from 0 to `count`, whose tokens are admitted. */
  async function admittedBy(bits: number, lst: string, count: number): Promise<readonly number[]> {
    const list = await sign('statuslist+jwt', { sub: uri, iat: now, status_list: { bits, lst } });
    const server = createResourceServer({
      issuer: { issuer, jwks },
      audience,
      fetch: async () => new Response(list, { headers: { 'content-type': 'application/statuslist+jwt' } }),
      ...statusLists,
    });
    onTestFinished(() => server.close());
    const admitted: number[] = [];
    for (let idx = 0; idx < count; idx++) {
      const status = { status_list: { idx, uri } };
      const claims = {
        iss: issuer,
        aud: audience,
        exp: now + 60,
        iat: now,
        sub: 'a',
        client_id: 'b',
        jti: `${idx}`,
        status,
      };
      const code = await verdict(server, await sign('at+jwt', claims));
      expect(['granted', 'token_revoked']).toContain(code);
      if (code === 'granted') admitted.push(idx);
    }
    return admitted;
  }

  const indexesOf = (statuses: readonly number[]) => statuses.flatMap((status, at) => (status === 0 ? [at] : []));

  it('of one bit: the example of section 4.1', async () => {
    const statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
    expect(await admittedBy(1, 'eNrbuRgAAhcBXQ', 16)).toEqual(indexesOf(statuses));
  });

  it('of two bits: the other one', async () => {
    const statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
    expect(await admittedBy(2, 'eNo76fITAAPfAgc', 12)).toEqual(indexesOf(statuses));
  });

  it.each([4, 8] as const)('of %d bits, the first in the lowest ones', async (bits) => {
    const statuses = [0, 1, 3, 0, 15, 0];
    const octets = bits === 8 ? statuses : [0x10, 0x03, 0x0f];
    const lst = deflateSync(Buffer.from(octets)).toString('base64url');
    expect(await admittedBy(bits, lst, 6)).toEqual(indexesOf(statuses));
  });
});
