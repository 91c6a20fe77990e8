import { afterEach, describe, expect, it, vi } from 'vitest';
import { LruStatusListCache } from '../../src/cache/status-list-cache.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { NetworkError } from '../../src/model/ports.js';
import { type CachedStatusList, StatusListSource } from '../../src/validity/status-list-source.js';
import { statusListOf } from '../support/status-list.js';
import { listIssuer, listSigner, listUri, statusListToken } from '../support/status-list-token.js';
import { frozenClock } from '../support-network/frozen-clock.js';
import { settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';
import { deferred, ScriptedFetcher } from '../support-network/scripted-fetcher.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

afterEach(() => {
  vi.useRealTimers();
});

const anywhere: FetchTerms = { plainHttp: 'never', hosts: undefined, addresses: 'any' };
const otherUri = `${listIssuer}/lists/2`;

interface Parts {
  readonly terms?: FetchTerms;
  readonly cache?: LruStatusListCache<CachedStatusList>;
  readonly issuer?: string;
}

/** A source with a scripted fetcher and a clock at 2000 s. */
function sourceUnderTest({ terms = anywhere, cache = new LruStatusListCache(), issuer = listIssuer }: Parts = {}) {
  const fetcher = new ScriptedFetcher();
  const clock = frozenClock(2_000_000);
  const settings = { signer: { ...listSigner, issuer }, terms, timeoutSeconds: 3, clock };
  const source = new StatusListSource(settings, fetcher, cache);
  const publish = (token: string, uri = listUri) => fetcher.answer(uri, () => Buffer.from(token));
  publish(statusListToken());
  const refusalOf = async (idx: unknown, uri: unknown = listUri) =>
    source.check({ status_list: { idx, uri } } as Parameters<StatusListSource['check']>[0]);
  return {
    fetcher,
    clock,
    source,
    publish,
    refusalOf,
    /** The verdict on the token at this index: `valid` or the code of the refusal. */
    check: async (idx: unknown, uri?: unknown) => (await refusalOf(idx, uri))?.code ?? 'valid',
  };
}

describe('status of a token (draft-ietf-oauth-status-list-21 section 7.1)', () => {
  it('a token is accepted with the status 0 only', async () => {
    const { check, publish } = sourceUnderTest();
    publish(statusListToken({ status_list: statusListOf([0b1110_0100], 2) }));
    expect([await check(0), await check(1), await check(2), await check(3)]).toEqual([
      'valid',
      'token_revoked',
      'token_revoked',
      'token_revoked',
    ]);
  });

  it('a token whose index is beyond the end of its status list is refused', async () => {
    const { check } = sourceUnderTest();
    expect([await check(7), await check(8), await check(2 ** 50)]).toEqual([
      'valid',
      'claim_malformed',
      'claim_malformed',
    ]);
  });

  it.each([null, 'valid', {}, { status_list: 1 }, { status_list: { idx: '1', uri: listUri } }])(
    'a token with the status %j is refused, and nothing is fetched',
    async (status) => {
      const { source, fetcher } = sourceUnderTest();
      expect((await source.check(status))?.code).toBe('claim_malformed');
      expect(fetcher.requested).toEqual([]);
    },
  );
});

describe('cached status list', () => {
  it('the age of a status list is the larger one of the ages by now() and by monotonic()', async () => {
    const { check, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60 }));
    await check(0);
    clock.shiftWall(59.999);
    await check(0);
    expect(fetcher.count(listUri)).toBe(1);
    clock.shiftWall(0.001);
    await check(0);
    expect(fetcher.count(listUri)).toBe(2);
    clock.shiftWall(-1000);
    clock.advance(59.999);
    await check(0);
    expect(fetcher.count(listUri)).toBe(2);
    clock.advance(0.001);
    await check(0);
    expect(fetcher.count(listUri)).toBe(3);
  });

  it('concurrent requests share one fetch of a status list', async () => {
    const { check, fetcher } = sourceUnderTest();
    const answer = deferred<Uint8Array>();
    fetcher.answer(listUri, () => answer.promise);
    const pending = times(1000, (at) => check(at % 2));
    await settled();
    answer.resolve(Buffer.from(statusListToken()));
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['valid', 'token_revoked']));
    expect(fetcher.count(listUri)).toBe(1);
  });

  it('a status list is used for its ttl and then fetched again', async () => {
    const { check, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60 }));
    expect(await check(0)).toBe('valid');
    publish(statusListToken({ status_list: statusListOf([1]) }));
    clock.advance(59.999);
    expect([await check(0), fetcher.count(listUri)]).toEqual(['valid', 1]);
    clock.advance(0.001);
    expect([await check(0), fetcher.count(listUri)]).toEqual(['token_revoked', 2]);
  });

  it('a status list is not used past its exp', async () => {
    const { check, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60, exp: 2010 }));
    expect(await check(0)).toBe('valid');
    clock.advance(10);
    expect([await check(0), fetcher.count(listUri)]).toEqual(['revocation_unavailable', 2]);
  });

  it('an expired status list is not used while its successor is unavailable', async () => {
    const { check, fetcher, clock } = sourceUnderTest();
    expect(await check(0)).toBe('valid');
    fetcher.answer(listUri, new NetworkError('unreachable', 'ECONNREFUSED'));
    clock.advance(300);
    expect(await check(0)).toBe('revocation_unavailable');
  });

  it('a cached status list of one issuer is not used for another issuer', async () => {
    const cache = new LruStatusListCache<CachedStatusList>();
    expect(await sourceUnderTest({ cache }).check(0)).toBe('valid');
    const other = sourceUnderTest({ cache, issuer: 'https://other.test' });
    other.publish(statusListToken({ iss: listIssuer }));
    expect(await other.check(0)).toBe('revocation_unavailable');
    expect(other.fetcher.count(listUri)).toBe(1);
  });

  it.each([
    ['for another list', statusListToken({ sub: otherUri })],
    ['by another key', statusListToken({}, { kid: 'another' })],
    ['that has expired', statusListToken({ exp: 1999 })],
    ['that is not a JWT', 'hello'],
  ])('a status list token %s causes a 503 response with a detail for the operator', async (_, token) => {
    const { refusalOf, publish } = sourceUnderTest();
    publish(token);
    const refusal = await refusalOf(0);
    expect(refusal?.code).toBe('revocation_unavailable');
    expect(refusal?.fields.cause).toMatchObject({ code: 'bad_document' });
    expect(refusal?.detail.expected).toContain(`${listIssuer}/lists/1`);
  });
});

describe('unavailable status list', () => {
  const down = new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 7, status: 503 });

  it('an unavailable status list causes 503 responses and is not fetched before its Retry-After', async () => {
    const { check, refusalOf, fetcher, clock, publish } = sourceUnderTest();
    fetcher.answer(listUri, down);
    for (let at = 0; at < 5; at++) expect(await check(0)).toBe('revocation_unavailable');
    expect((await refusalOf(0))?.fields.retryAfterSeconds).toBe(7);
    expect(fetcher.count(listUri)).toBe(1);
    publish(statusListToken());
    clock.advance(6.999);
    expect(await check(0)).toBe('revocation_unavailable');
    clock.advance(0.001);
    expect([await check(0), fetcher.count(listUri)]).toEqual(['valid', 2]);
  });

  it('an unavailable status list does not affect another list', async () => {
    const { check, fetcher, publish } = sourceUnderTest();
    fetcher.answer(listUri, down);
    publish(statusListToken({ sub: otherUri }), otherUri);
    expect([await check(0), await check(0, otherUri)]).toEqual(['revocation_unavailable', 'valid']);
  });

  it('the back-off of a status list grows with each failure and restarts after a success', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { refusalOf, fetcher, clock, publish, check } = sourceUnderTest();
    const unreachable = new NetworkError('unreachable', 'ECONNREFUSED');
    const delays = [];
    for (let at = 0; at < 3; at++) {
      fetcher.answer(listUri, unreachable);
      delays.push((await refusalOf(0))?.fields.retryAfterSeconds);
      clock.advance(30);
    }
    publish(statusListToken());
    expect(await check(0)).toBe('valid');
    fetcher.answer(listUri, unreachable);
    clock.advance(300);
    delays.push((await refusalOf(0))?.fields.retryAfterSeconds);
    expect(delays).toEqual([2, 4, 8, 2]);
  });

  it('a request awaits a status list for at most its timeout; a late response serves the next request', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { check, fetcher } = sourceUnderTest();
    const answer = deferred<Uint8Array>();
    fetcher.answer(listUri, () => answer.promise);
    const first = check(0);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await first).toBe('revocation_unavailable');
    answer.resolve(Buffer.from(statusListToken()));
    expect(await check(0)).toBe('valid');
    expect(fetcher.count(listUri)).toBe(1);
  });
});

describe('permitted locations of a status list (D-21)', () => {
  const terms = { ...anywhere, hosts: new Set(['issuer.test']) };

  it.each(['https://169.254.169.254/lists/1', 'https://issuer.test.evil.example/', 'http://issuer.test/lists/1'])(
    'a status list at %s is never fetched (D-21)',
    async (uri) => {
      const { check, refusalOf, fetcher } = sourceUnderTest({ terms });
      const refusal = await refusalOf(0, uri);
      expect(refusal?.code).toBe('revocation_unavailable');
      expect(refusal?.fields.cause).toMatchObject({ code: 'not_permitted' });
      expect(fetcher.requested).toEqual([]);
      expect(await check(0)).toBe('valid');
    },
  );
});
