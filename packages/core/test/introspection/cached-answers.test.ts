import { describe, expect, it } from 'vitest';
import { LruAnswerCache } from '../../src/cache/answer-cache.js';
import { NetworkError } from '../../src/model/ports.js';
import { Credential, IntrospectedToken } from '../../src/model/stages.js';
import { IntrospectionFetcher } from '../support-network/introspection-fetcher.js';
import { active, inactive, introspectorUnderTest } from '../support-network/introspector.js';

const times = { positiveSeconds: 30, negativeSeconds: 10 };

function cachingIntrospector(maxEntries = 1000) {
  return introspectorUnderTest({ times, cache: new LruAnswerCache(maxEntries) });
}

describe('caching of introspection answers (D-23)', () => {
  it('without a cache every request calls the introspection endpoint (D-23)', async () => {
    const { askWithAnswer, fetcher } = introspectorUnderTest({ times });
    for (let at = 0; at < 3; at++) await askWithAnswer('t', active);
    expect(fetcher.requests).toHaveLength(3);
  });

  it('an active answer is cached for positiveSeconds (D-23)', async () => {
    const { askWithAnswer, fetcher, clock } = cachingIntrospector();
    await askWithAnswer('t', active);
    clock.advance(29.999);
    expect(await askWithAnswer('t', inactive)).toBe('active');
    expect(fetcher.requests).toHaveLength(1);
    clock.advance(0.001);
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
    expect(fetcher.requests).toHaveLength(2);
  });

  it('the age of a cached answer is the larger one of the ages by now() and by monotonic() (D-23)', async () => {
    const { askWithAnswer, fetcher, clock } = cachingIntrospector();
    await askWithAnswer('t', active);
    clock.shiftWall(29.999);
    expect(await askWithAnswer('t', inactive)).toBe('active');
    clock.shiftWall(0.001);
    expect(await askWithAnswer('t', active)).toBe('active');
    expect(fetcher.requests).toHaveLength(2);
    clock.shiftWall(-3600);
    clock.advance(29.999);
    expect(await askWithAnswer('t', inactive)).toBe('active');
    clock.advance(0.001);
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
  });

  it('an active answer is never cached past its exp (D-23)', async () => {
    const { askWithAnswer, fetcher, clock } = cachingIntrospector();
    const exp = clock.now() / 1000 + 5;
    await askWithAnswer('t', { ...active, exp });
    clock.advance(4.999);
    expect(await askWithAnswer('t', inactive)).toBe('active');
    clock.advance(0.001);
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
    expect(fetcher.requests).toHaveLength(2);
  });

  it('a cached answer is returned unchanged and synchronously (D-23)', async () => {
    const { askWithAnswer, introspector } = cachingIntrospector();
    await askWithAnswer('t', { ...active, scope: 'read' });
    const again = introspector.introspect(new Credential('Bearer', 't'));
    expect(again).toBeInstanceOf(IntrospectedToken);
    expect(again).toMatchObject({ claims: { active: true, sub: 'ada', scope: 'read' } });
  });

  it('an inactive answer is cached for negativeSeconds (D-23)', async () => {
    const { askWithAnswer, fetcher, clock } = cachingIntrospector();
    await askWithAnswer('t', inactive);
    clock.advance(9.999);
    expect(await askWithAnswer('t', active)).toBe('token_inactive');
    expect(fetcher.requests).toHaveLength(1);
    clock.advance(0.001);
    expect(await askWithAnswer('t', active)).toBe('active');
  });

  it('an active answer replaces a cached inactive one, and vice versa (D-23)', async () => {
    const { askWithAnswer, clock } = cachingIntrospector();
    await askWithAnswer('t', inactive);
    clock.advance(10);
    await askWithAnswer('t', active);
    expect(await askWithAnswer('t', inactive)).toBe('active');
    clock.advance(30);
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
    expect(await askWithAnswer('t', active)).toBe('token_inactive');
  });

  it.each([
    ['active', { positiveSeconds: 0, negativeSeconds: 10 }, active, inactive, 'token_inactive'],
    ['inactive', { positiveSeconds: 10, negativeSeconds: 0 }, inactive, active, 'active'],
  ])('with 0 seconds no %s answer is cached (D-23)', async (_, zero, first, second, expected) => {
    const { askWithAnswer, fetcher } = introspectorUnderTest({ times: zero, cache: new LruAnswerCache(10) });
    await askWithAnswer('t', first);
    expect(await askWithAnswer('t', second)).toBe(expected);
    expect(await askWithAnswer('t', first)).toBe(expected);
    expect(fetcher.requests).toHaveLength(2);
  });

  it('failed introspection calls are not cached (D-23)', async () => {
    const { askWithAnswer, fetcher } = cachingIntrospector();
    await askWithAnswer('another', active);
    for (const status of [400, 413]) {
      const refused = new NetworkError('bad_status', `answered ${status}`, { status });
      expect(await askWithAnswer('t', refused)).toBe('introspection_unavailable');
    }
    expect(await askWithAnswer('t', active)).toBe('active');
    expect(fetcher.requests).toHaveLength(4);
  });

  it('a cached answer is used in an outage (D-23)', async () => {
    const { askWithAnswer, fetcher } = cachingIntrospector();
    await askWithAnswer('known', active);
    await askWithAnswer('other', new NetworkError('unreachable', 'ECONNREFUSED'));
    expect(await askWithAnswer('known', inactive)).toBe('active');
    expect(await askWithAnswer('unknown', active)).toBe('introspection_unavailable');
    expect(fetcher.requests.map(({ form }) => form['token'])).toEqual(['known', 'other', expect.any(String)]);
  });

  it('two clients of one endpoint do not share cached answers (D-23)', async () => {
    const cache = new LruAnswerCache(10);
    const fetcher = new IntrospectionFetcher();
    fetcher.script = ({ form }) => (form['client_id'] === 'one' ? active : inactive);
    const [one, two] = ['one', 'two'].map((clientId) => introspectorUnderTest({ times, cache, clientId, fetcher }));
    for (let at = 0; at < 2; at++) {
      expect([await one?.ask('t'), await two?.ask('t')]).toEqual(['active', 'token_inactive']);
    }
    expect(fetcher.requests).toHaveLength(2);
  });

  it('two endpoints do not share cached answers (D-23)', async () => {
    const cache = new LruAnswerCache(10);
    const one = introspectorUnderTest({ times, cache, identity: ['https://one.example', '', 'api', ''] });
    const two = introspectorUnderTest({ times, cache, identity: ['https://two.example', '', 'api', ''] });
    expect([await one.askWithAnswer('t', active), await two.askWithAnswer('t', inactive)]).toEqual([
      'active',
      'token_inactive',
    ]);
    expect([await one.askWithAnswer('t', inactive), await two.askWithAnswer('t', active)]).toEqual([
      'active',
      'token_inactive',
    ]);
  });

  it('the parts of a cache identity cannot run into each other (D-23)', async () => {
    const cache = new LruAnswerCache(10);
    const one = introspectorUnderTest({ times, cache, identity: ['a', 'b,c'] });
    const two = introspectorUnderTest({ times, cache, identity: ['a,b', 'c'] });
    expect([await one.askWithAnswer('t', active), await two.askWithAnswer('t', inactive)]).toEqual([
      'active',
      'token_inactive',
    ]);
  });

  it('a full answer cache evicts the entry that was used least recently (D-23)', async () => {
    const { askWithAnswer, fetcher } = cachingIntrospector(2);
    for (const token of ['a', 'b', 'a', 'c']) await askWithAnswer(token, active);
    expect(fetcher.requests).toHaveLength(3);
    expect([await askWithAnswer('a', inactive), await askWithAnswer('b', inactive)]).toEqual([
      'active',
      'token_inactive',
    ]);
  });

  it('100,000 made-up tokens evict no active answer (D-23)', async () => {
    const { askWithAnswer, ask, fetcher } = cachingIntrospector(10);
    for (let at = 0; at < 10; at++) await askWithAnswer(`good${at}`, active);
    fetcher.script = () => inactive;
    for (let at = 0; at < 100_000; at += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, more) => ask(`garbage${at + more}`)));
    }
    expect(fetcher.requests).toHaveLength(100_010);
    for (let at = 0; at < 10; at++) expect(await ask(`good${at}`)).toBe('active');
    expect(fetcher.requests).toHaveLength(100_010);
  }, 60_000);
});
