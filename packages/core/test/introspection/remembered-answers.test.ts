import { describe, expect, it } from 'vitest';
import { LruAnswerCache } from '../../src/cache/answer-cache.js';
import { NetworkError } from '../../src/model/ports.js';
import { Credential, IntrospectedToken } from '../../src/model/stages.js';
import { IntrospectionFetcher } from '../support-network/introspection-fetcher.js';
import { active, inactive, introspectorUnderTest } from '../support-network/introspector.js';

const times = { positiveSeconds: 30, negativeSeconds: 10 };

function remembering(maxEntries = 1000) {
  return introspectorUnderTest({ times, memory: new LruAnswerCache(maxEntries) });
}

describe('D-23: remembered answers', () => {
  it('D-23: without a memory every request asks', async () => {
    const { askTold, fetcher } = introspectorUnderTest({ times });
    for (let at = 0; at < 3; at++) await askTold('t', active);
    expect(fetcher.questions).toHaveLength(3);
  });

  it('D-23: that a token is active is repeated for so long, and not longer', async () => {
    const { askTold, fetcher, clock } = remembering();
    await askTold('t', active);
    clock.advance(29.999);
    expect(await askTold('t', inactive)).toBe('active');
    expect(fetcher.questions).toHaveLength(1);
    clock.advance(0.001);
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(fetcher.questions).toHaveLength(2);
  });

  it('D-23: an answer ages by the wall clock too, and does not become younger where that is set back', async () => {
    const { askTold, fetcher, clock } = remembering();
    await askTold('t', active);
    clock.shiftWall(29.999);
    expect(await askTold('t', inactive)).toBe('active');
    clock.shiftWall(0.001);
    expect(await askTold('t', active)).toBe('active');
    expect(fetcher.questions).toHaveLength(2);
    clock.shiftWall(-3600);
    clock.advance(29.999);
    expect(await askTold('t', inactive)).toBe('active');
    clock.advance(0.001);
    expect(await askTold('t', inactive)).toBe('token_inactive');
  });

  it('D-23: and never past its exp', async () => {
    const { askTold, fetcher, clock } = remembering();
    const exp = clock.now() / 1000 + 5;
    await askTold('t', { ...active, exp });
    clock.advance(4.999);
    expect(await askTold('t', inactive)).toBe('active');
    clock.advance(0.001);
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(fetcher.questions).toHaveLength(2);
  });

  it('D-23: what is repeated is what was said, and it is said at once', async () => {
    const { askTold, introspector } = remembering();
    await askTold('t', { ...active, scope: 'read' });
    const again = introspector.introspect(new Credential('Bearer', 't'));
    expect(again).toBeInstanceOf(IntrospectedToken);
    expect(again).toMatchObject({ claims: { active: true, sub: 'ada', scope: 'read' } });
  });

  it('D-23: that it is not is repeated for its own time', async () => {
    const { askTold, fetcher, clock } = remembering();
    await askTold('t', inactive);
    clock.advance(9.999);
    expect(await askTold('t', active)).toBe('token_inactive');
    expect(fetcher.questions).toHaveLength(1);
    clock.advance(0.001);
    expect(await askTold('t', active)).toBe('active');
  });

  it('D-23: an active answer takes the place of one that was not, and the other way round', async () => {
    const { askTold, clock } = remembering();
    await askTold('t', inactive);
    clock.advance(10);
    await askTold('t', active);
    expect(await askTold('t', inactive)).toBe('active');
    clock.advance(30);
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(await askTold('t', active)).toBe('token_inactive');
  });

  it.each([
    ['active ones', { positiveSeconds: 0, negativeSeconds: 10 }, active, inactive, 'token_inactive'],
    ['others', { positiveSeconds: 10, negativeSeconds: 0 }, inactive, active, 'active'],
  ])('D-23: 0 seconds repeats no %s', async (_, zero, first, second, expected) => {
    const { askTold, fetcher } = introspectorUnderTest({ times: zero, memory: new LruAnswerCache(10) });
    await askTold('t', first);
    expect(await askTold('t', second)).toBe(expected);
    expect(await askTold('t', first)).toBe(expected);
    expect(fetcher.questions).toHaveLength(2);
  });

  it('D-23: failures are not remembered', async () => {
    const { askTold, fetcher } = remembering();
    await askTold('another', active);
    for (const status of [400, 413]) {
      const refused = new NetworkError('bad_status', `answered ${status}`, { status });
      expect(await askTold('t', refused)).toBe('introspection_unavailable');
    }
    expect(await askTold('t', active)).toBe('active');
    expect(fetcher.questions).toHaveLength(4);
  });

  it('D-23: what is remembered is said in an outage too', async () => {
    const { askTold, fetcher } = remembering();
    await askTold('known', active);
    await askTold('other', new NetworkError('unreachable', 'ECONNREFUSED'));
    expect(await askTold('known', inactive)).toBe('active');
    expect(await askTold('unknown', active)).toBe('introspection_unavailable');
    expect(fetcher.questions.map(({ form }) => form['token'])).toEqual(['known', 'other', expect.any(String)]);
  });

  it('D-23: two clients of one endpoint have an answer each for the same token', async () => {
    const memory = new LruAnswerCache(10);
    const fetcher = new IntrospectionFetcher();
    fetcher.script = ({ form }) => (form['client_id'] === 'one' ? active : inactive);
    const [one, two] = ['one', 'two'].map((clientId) => introspectorUnderTest({ times, memory, clientId, fetcher }));
    for (let at = 0; at < 2; at++) {
      expect([await one?.ask('t'), await two?.ask('t')]).toEqual(['active', 'token_inactive']);
    }
    expect(fetcher.questions).toHaveLength(2);
  });

  it('D-23: two endpoints have an answer each for the same token', async () => {
    const memory = new LruAnswerCache(10);
    const one = introspectorUnderTest({ times, memory, identity: ['https://one.example', '', 'api', ''] });
    const two = introspectorUnderTest({ times, memory, identity: ['https://two.example', '', 'api', ''] });
    expect([await one.askTold('t', active), await two.askTold('t', inactive)]).toEqual(['active', 'token_inactive']);
    expect([await one.askTold('t', inactive), await two.askTold('t', active)]).toEqual(['active', 'token_inactive']);
  });

  it('D-23: parts of an identity do not run into each other', async () => {
    const memory = new LruAnswerCache(10);
    const one = introspectorUnderTest({ times, memory, identity: ['a', 'b,c'] });
    const two = introspectorUnderTest({ times, memory, identity: ['a,b', 'c'] });
    expect([await one.askTold('t', active), await two.askTold('t', inactive)]).toEqual(['active', 'token_inactive']);
  });

  it('D-23: of so many entries the one that was not used longest goes', async () => {
    const { askTold, fetcher } = remembering(2);
    for (const token of ['a', 'b', 'a', 'c']) await askTold(token, active);
    expect(fetcher.questions).toHaveLength(3);
    expect([await askTold('a', inactive), await askTold('b', inactive)]).toEqual(['active', 'token_inactive']);
  });

  it('D-23: a flood of 100,000 made-up tokens pushes out no good one', async () => {
    const { askTold, ask, fetcher } = remembering(10);
    for (let at = 0; at < 10; at++) await askTold(`good${at}`, active);
    fetcher.script = () => inactive;
    for (let at = 0; at < 100_000; at += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, more) => ask(`garbage${at + more}`)));
    }
    expect(fetcher.questions).toHaveLength(100_010);
    for (let at = 0; at < 10; at++) expect(await ask(`good${at}`)).toBe('active');
    expect(fetcher.questions).toHaveLength(100_010);
  }, 60_000);
});
