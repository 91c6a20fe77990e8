import { afterEach, describe, expect, it, vi } from 'vitest';
import { LruStatusListCache } from '../../src/cache/status-list-cache.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { NetworkError } from '../../src/model/ports.js';
import { type HeldStatusList, StatusListSource } from '../../src/validity/status-list-source.js';
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
  readonly memory?: LruStatusListCache<HeldStatusList>;
  readonly issuer?: string;
}

/** A source on a scripted door and a clock that stands at 2000 s. */
function sourceUnderTest({ terms = anywhere, memory = new LruStatusListCache(), issuer = listIssuer }: Parts = {}) {
  const fetcher = new ScriptedFetcher();
  const clock = frozenClock(2_000_000);
  const settings = { signer: { ...listSigner, issuer }, terms, timeoutSeconds: 3, clock };
  const source = new StatusListSource(settings, fetcher, memory);
  const publish = (token: string, uri = listUri) => fetcher.answer(uri, () => Buffer.from(token));
  publish(statusListToken());
  const refusalOf = async (idx: unknown, uri: unknown = listUri) =>
    source.judge({ status_list: { idx, uri } } as Parameters<StatusListSource['judge']>[0]);
  return {
    fetcher,
    clock,
    source,
    publish,
    refusalOf,
    /** What the token at this index comes to. */
    judge: async (idx: unknown, uri?: unknown) => (await refusalOf(idx, uri))?.code ?? 'valid',
  };
}

describe('draft-ietf-oauth-status-list-21 section 7.1: a token', () => {
  it('passes with the status 0 and with no other', async () => {
    const { judge, publish } = sourceUnderTest();
    publish(statusListToken({ status_list: statusListOf([0b1110_0100], 2) }));
    expect([await judge(0), await judge(1), await judge(2), await judge(3)]).toEqual([
      'valid',
      'token_revoked',
      'token_revoked',
      'token_revoked',
    ]);
  });

  it('beyond the end of the list is refused', async () => {
    const { judge } = sourceUnderTest();
    expect([await judge(7), await judge(8), await judge(2 ** 50)]).toEqual([
      'valid',
      'claim_malformed',
      'claim_malformed',
    ]);
  });

  it.each([null, 'valid', {}, { status_list: 1 }, { status_list: { idx: '1', uri: listUri } }])(
    'whose status is %j is refused, and nothing is fetched',
    async (status) => {
      const { source, fetcher } = sourceUnderTest();
      expect((await source.judge(status))?.code).toBe('claim_malformed');
      expect(fetcher.asked).toEqual([]);
    },
  );
});

describe('a list', () => {
  it('ages by the wall clock too, and does not become younger where that is set back', async () => {
    const { judge, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60 }));
    await judge(0);
    clock.shiftWall(59.999);
    await judge(0);
    expect(fetcher.count(listUri)).toBe(1);
    clock.shiftWall(0.001);
    await judge(0);
    expect(fetcher.count(listUri)).toBe(2);
    clock.shiftWall(-1000);
    clock.advance(59.999);
    await judge(0);
    expect(fetcher.count(listUri)).toBe(2);
    clock.advance(0.001);
    await judge(0);
    expect(fetcher.count(listUri)).toBe(3);
  });

  it('is fetched once for all that wait for it', async () => {
    const { judge, fetcher } = sourceUnderTest();
    const answer = deferred<Uint8Array>();
    fetcher.answer(listUri, () => answer.promise);
    const judging = times(1000, (at) => judge(at % 2));
    await settled();
    answer.resolve(Buffer.from(statusListToken()));
    expect(new Set(await Promise.all(judging))).toEqual(new Set(['valid', 'token_revoked']));
    expect(fetcher.count(listUri)).toBe(1);
  });

  it('counts for its ttl, and then is fetched again', async () => {
    const { judge, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60 }));
    expect(await judge(0)).toBe('valid');
    publish(statusListToken({ status_list: statusListOf([1]) }));
    clock.advance(59.999);
    expect([await judge(0), fetcher.count(listUri)]).toEqual(['valid', 1]);
    clock.advance(0.001);
    expect([await judge(0), fetcher.count(listUri)]).toEqual(['token_revoked', 2]);
  });

  it('counts no longer than its exp', async () => {
    const { judge, fetcher, clock, publish } = sourceUnderTest();
    publish(statusListToken({ ttl: 60, exp: 2010 }));
    expect(await judge(0)).toBe('valid');
    clock.advance(10);
    expect([await judge(0), fetcher.count(listUri)]).toEqual(['revocation_unavailable', 2]);
  });

  it('that is over does not serve while its successor cannot be had', async () => {
    const { judge, fetcher, clock } = sourceUnderTest();
    expect(await judge(0)).toBe('valid');
    fetcher.answer(listUri, new NetworkError('unreachable', 'ECONNREFUSED'));
    clock.advance(300);
    expect(await judge(0)).toBe('revocation_unavailable');
  });

  it('of one issuer is none of another, although they share a memory', async () => {
    const memory = new LruStatusListCache<HeldStatusList>();
    expect(await sourceUnderTest({ memory }).judge(0)).toBe('valid');
    const other = sourceUnderTest({ memory, issuer: 'https://other.test' });
    other.publish(statusListToken({ iss: listIssuer }));
    expect(await other.judge(0)).toBe('revocation_unavailable');
    expect(other.fetcher.count(listUri)).toBe(1);
  });

  it.each([
    ['of another list', statusListToken({ sub: otherUri })],
    ['of another key', statusListToken({}, { kid: 'another' })],
    ['that is over', statusListToken({ exp: 1999 })],
    ['that is none', 'hello'],
  ])('is not one %s: 503, and who publishes it says why', async (_, token) => {
    const { refusalOf, publish } = sourceUnderTest();
    publish(token);
    const refusal = await refusalOf(0);
    expect(refusal?.code).toBe('revocation_unavailable');
    expect(refusal?.fields.cause).toMatchObject({ code: 'bad_document' });
    expect(refusal?.detail.expected).toContain(`${listIssuer}/lists/1`);
  });
});

describe('a list that cannot be had', () => {
  const down = new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 7, status: 503 });

  it('is 503 and is not asked for before its time', async () => {
    const { judge, refusalOf, fetcher, clock, publish } = sourceUnderTest();
    fetcher.answer(listUri, down);
    for (let at = 0; at < 5; at++) expect(await judge(0)).toBe('revocation_unavailable');
    expect((await refusalOf(0))?.fields.retryAfterSeconds).toBe(7);
    expect(fetcher.count(listUri)).toBe(1);
    publish(statusListToken());
    clock.advance(6.999);
    expect(await judge(0)).toBe('revocation_unavailable');
    clock.advance(0.001);
    expect([await judge(0), fetcher.count(listUri)]).toEqual(['valid', 2]);
  });

  it('keeps nobody from another list', async () => {
    const { judge, fetcher, publish } = sourceUnderTest();
    fetcher.answer(listUri, down);
    publish(statusListToken({ sub: otherUri }), otherUri);
    expect([await judge(0), await judge(0, otherUri)]).toEqual(['revocation_unavailable', 'valid']);
  });

  it('fails longer each time, and begins anew after a success', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { refusalOf, fetcher, clock, publish, judge } = sourceUnderTest();
    const unreachable = new NetworkError('unreachable', 'ECONNREFUSED');
    const delays = [];
    for (let at = 0; at < 3; at++) {
      fetcher.answer(listUri, unreachable);
      delays.push((await refusalOf(0))?.fields.retryAfterSeconds);
      clock.advance(30);
    }
    publish(statusListToken());
    expect(await judge(0)).toBe('valid');
    fetcher.answer(listUri, unreachable);
    clock.advance(300);
    delays.push((await refusalOf(0))?.fields.retryAfterSeconds);
    expect(delays).toEqual([2, 4, 8, 2]);
  });

  it('is waited for no longer than a request may, and serves the next when it comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { judge, fetcher } = sourceUnderTest();
    const answer = deferred<Uint8Array>();
    fetcher.answer(listUri, () => answer.promise);
    const first = judge(0);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await first).toBe('revocation_unavailable');
    answer.resolve(Buffer.from(statusListToken()));
    expect(await judge(0)).toBe('valid');
    expect(fetcher.count(listUri)).toBe(1);
  });
});

describe('D-21: a token names the place, within what its issuer may', () => {
  const terms = { ...anywhere, hosts: new Set(['issuer.test']) };

  it.each(['https://169.254.169.254/lists/1', 'https://issuer.test.evil.example/', 'http://issuer.test/lists/1'])(
    'D-21: never at %s',
    async (uri) => {
      const { judge, refusalOf, fetcher } = sourceUnderTest({ terms });
      const refusal = await refusalOf(0, uri);
      expect(refusal?.code).toBe('revocation_unavailable');
      expect(refusal?.fields.cause).toMatchObject({ code: 'not_permitted' });
      expect(fetcher.asked).toEqual([]);
      expect(await judge(0)).toBe('valid');
    },
  );
});
