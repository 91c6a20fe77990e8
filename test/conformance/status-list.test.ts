import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '@resource-server/mock-issuer';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audience } from '../suite/world.js';
import { jwksOf, verdict } from './ask.js';

const statusLists = { revocation: { statusLists: true } } as const;

async function withStatusLists(
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

describe('a token that refers to a status list', () => {
  it.each([
    ['valid', 'granted'],
    ['invalid', 'token_revoked'],
    ['suspended', 'token_revoked'],
    [3, 'token_revoked'],
  ] as const)('a token with the status %s gives %s [RS-TSL-7-a]', async (status, expected) => {
    const { issuer, server } = await withStatusLists();
    expect(await verdict(server, await issuer.token({ status }))).toBe(expected);
  });

  it('a status list is requested by its media type [RS-TSL-8.1-a]', async () => {
    const { issuer, server } = await withStatusLists();
    await verdict(server, await issuer.token({ status: 'valid' }));
    expect(issuer.requests.last('statusList')).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/statuslist+jwt' },
    });
  });

  it('no status list is fetched for a token that fails another check [RS-TSL-8.3-a]', async () => {
    const { issuer, server } = await withStatusLists();
    expect(await verdict(server, await issuer.bad.expired({ status: 'valid' }))).toBe('token_expired');
    expect(await verdict(server, await issuer.bad.wrongAudience({ status: 'valid' }))).toBe('audience_mismatch');
    expect(await verdict(server, await issuer.bad.tampered({ status: 'valid' }))).toBe('signature_invalid');
    expect(fetches(issuer)).toBe(0);
    expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('granted');
    expect(fetches(issuer)).toBe(1);
  });

  it('no status list is fetched without the option statusLists, or for a token without a reference', async () => {
    const { issuer, server } = await withStatusLists();
    expect(await verdict(server, await issuer.token())).toBe('granted');
    const unchecked = createResourceServer({ issuer: issuer.issuer, audience, clock: issuer.clock });
    onTestFinished(() => unchecked.close());
    expect(await verdict(unchecked, await issuer.token({ status: 'invalid' }))).toBe('granted');
    expect(fetches(issuer)).toBe(0);
  });

  it.each([
    ['idx below zero', { idx: -1 }],
    ['idx with a fraction', { idx: 1.5 }],
    ['idx as text', { idx: '3' }],
    ['idx beyond the safe integers', { idx: 2 ** 53 }],
    ['no idx', { idx: undefined }],
    ['no uri', { uri: undefined }],
    ['a relative uri', { uri: 'list' }],
    ['a uri that is a number', { uri: 7 }],
  ])('a token whose reference has %s is rejected [RS-TSL-6.2-a]', async (_, changes) => {
    const { issuer, server } = await withStatusLists();
    const reference = { idx: 0, uri: issuer.statusList.uri };
    const withReference = (status_list: object) => issuer.token({ claims: { status: { status_list } } });
    expect(await verdict(server, await withReference({ ...reference, ...changes }))).toBe('claim_malformed');
    expect(fetches(issuer)).toBe(0);
    expect(await verdict(server, await withReference(reference))).toBe('granted');
  });

  it('a token whose index is beyond the end of the status list is rejected [RS-TSL-8.3-d]', async () => {
    const { issuer, server } = await withStatusLists({ statusList: { size: 16 } });
    const at = (idx: number) =>
      issuer.token({ claims: { status: { status_list: { idx, uri: issuer.statusList.uri } } } });
    expect(await verdict(server, await at(15))).toBe('granted');
    expect(await verdict(server, await at(16))).toBe('claim_malformed');
  });
});

describe('the validation of a status list', () => {
  it.each(['wrongTyp', 'wrongSubject', 'expired', 'badZlib', 'wrongBits', 'otherKey', 'hmac'] as const)(
    'a status list with the fault %s is not used [RS-TSL-5.1-a] [RS-TSL-8.3-b] [RS-TSL-8.3-c] [RS-TSL-key-a] [RS-TSL-mac-a]',
    async (fault) => {
      const { issuer, server } = await withStatusLists();
      const token = await issuer.token({ status: 'valid' });
      issuer.faults.statusList(fault);
      expect(await verdict(server, token)).toBe('revocation_unavailable');
      issuer.faults.clear();
      issuer.clock.advance(31);
      expect(await verdict(server, token)).toBe('granted');
    },
  );

  it.each(['down', '500', '503', 'html', 'truncated', 'huge', 'redirect'] as const)(
    'while a status list cannot be fetched (%s), only the tokens that refer to it are refused [RS-TSL-8.3-e] [RS-TSL-11-a]',
    async (fault) => {
      const { issuer, server } = await withStatusLists();
      issuer.faults.statusList(fault);
      expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('revocation_unavailable');
      expect(await verdict(server, await issuer.token())).toBe('granted');
      expect(issuer.requests.count('decoy')).toBe(0);
    },
  );

  it('a status list is cached for its ttl, whatever Cache-Control contains [RS-TSL-8.2-a]', async () => {
    const { issuer, server } = await withStatusLists({
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

  it('a status list is cached until its exp if that is before its ttl [RS-TSL-8.2-a] [RS-TSL-8.3-c]', async () => {
    const { issuer, server } = await withStatusLists({
      statusList: { ttlSeconds: 600, expiresInSeconds: 30, cacheControl: 'no-store' },
    });
    const token = await issuer.token({ status: 'valid' });
    await verdict(server, token);
    issuer.clock.advance(29);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['granted', 1]);
    issuer.clock.advance(2);
    expect([await verdict(server, token), fetches(issuer)]).toEqual(['granted', 2]);
  });

  it('a status list that inflates to more than 2 MiB is rejected [RS-TSL-11-a]', async () => {
    const { issuer, server } = await withStatusLists();
    const token = await issuer.token({ status: 'valid' });
    issuer.faults.statusList('bomb');
    const before = process.memoryUsage().rss;
    expect(await verdict(server, token)).toBe('revocation_unavailable');
    // The fault makes 128 MiB of zeros; inflating all of them would show in the resident set size.
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('a status list is fetched only from hosts of the issuer, not from any uri [RS-TSL-11-a]', async () => {
    const elsewhere = await createMockIssuer({ alg: 'ES256', audience });
    onTestFinished(() => elsewhere.close());
    const { issuer, server } = await withStatusLists();
    const status = { status_list: { idx: 0, uri: elsewhere.statusList.uri } };
    expect(await verdict(server, await issuer.token({ claims: { status } }))).toBe('revocation_unavailable');
    expect(fetches(elsewhere)).toBe(0);
    expect(await verdict(server, await issuer.token({ status: 'valid' }))).toBe('granted');
  });

  it('a status list of another trusted issuer does not count for a token of this issuer [RS-TSL-key-a]', async () => {
    const [first, second] = [
      await createMockIssuer({ alg: 'ES256', audience }),
      await createMockIssuer({ alg: 'ES256', audience }),
    ];
    const server = createResourceServer({
      issuer: [first, second].map((issuer) => ({ issuer: issuer.issuer, jwks: jwksOf(issuer) })),
      audience,
      ...statusLists,
      keys: { allowedHosts: [first, second].map(({ issuer }) => new URL(issuer).host) },
    });
    onTestFinished(async () => void (await Promise.all([first.close(), second.close(), server.close()])));
    const status = { status_list: { idx: 0, uri: second.statusList.uri } };
    await second.token({ status: 'valid' });
    expect(await verdict(server, await first.token({ claims: { status } }))).toBe('revocation_unavailable');
    expect(fetches(second)).toBe(1);
    expect(await verdict(server, await second.token({ status: 'valid' }))).toBe('granted');
  });
});

describe("the status lists of the draft's examples [RS-TSL-4.1-a]", () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k' }] };
  const issuer = 'https://issuer.test';
  const uri = `${issuer}/lists/1`;
  const sign = (typ: string, claims: Record<string, unknown>, key: KeyObject = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(key);
  const now = Math.floor(Date.now() / 1000);

  /** The indexes of this list, from 0 to `count`, whose tokens are accepted. */
  async function acceptedBy(bits: number, lst: string, count: number): Promise<readonly number[]> {
    const list = await sign('statuslist+jwt', { sub: uri, iat: now, status_list: { bits, lst } });
    const server = createResourceServer({
      issuer: { issuer, jwks },
      audience,
      fetch: async () => new Response(list, { headers: { 'content-type': 'application/statuslist+jwt' } }),
      ...statusLists,
    });
    onTestFinished(() => server.close());
    const accepted: number[] = [];
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
      if (code === 'granted') accepted.push(idx);
    }
    return accepted;
  }

  const indexesOf = (statuses: readonly number[]) => statuses.flatMap((status, at) => (status === 0 ? [at] : []));

  it('a status list of one bit per token is read as in the example of section 4.1', async () => {
    const statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
    expect(await acceptedBy(1, 'eNrbuRgAAhcBXQ', 16)).toEqual(indexesOf(statuses));
  });

  it('a status list of two bits per token is read as in the example of section 4.1', async () => {
    const statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
    expect(await acceptedBy(2, 'eNo76fITAAPfAgc', 12)).toEqual(indexesOf(statuses));
  });

  it.each([4, 8] as const)(
    'a status list of %d bits per token has the first status in the lowest bits',
    async (bits) => {
      const statuses = [0, 1, 3, 0, 15, 0];
      const octets = bits === 8 ? statuses : [0x10, 0x03, 0x0f];
      const lst = deflateSync(Buffer.from(octets)).toString('base64url');
      expect(await acceptedBy(bits, lst, 6)).toEqual(indexesOf(statuses));
    },
  );
});
