import { afterEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { active, inactive, introspectorUnderTest, settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Timers stand still until they are moved; everything else runs. */
function holdTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

describe('D-22: one call for all that wait for the same token', () => {
  it('D-22: a thousand requests with one token are one call, and all get its answer', async () => {
    const { ask, fetcher } = introspectorUnderTest();
    const asking = times(1000, () => ask('t'));
    await settled();
    expect(fetcher.questions).toHaveLength(1);
    fetcher.question(0).say(active);
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['active']));
    expect(fetcher.questions).toHaveLength(1);
  });

  it.each([
    ['an inactive token', inactive, 'token_inactive'],
    ['a failure', new NetworkError('bad_status', 'answered 503', { status: 503 }), 'introspection_unavailable'],
  ])('D-22: the same for %s', async (_, answer, code) => {
    const { ask, fetcher } = introspectorUnderTest();
    const asking = times(1000, () => ask('t'));
    await settled();
    fetcher.question(0).say(answer);
    expect(new Set(await Promise.all(asking))).toEqual(new Set([code]));
    expect(fetcher.questions).toHaveLength(1);
  });

  it('two tokens are two calls, and neither gets the answer of the other', async () => {
    const { ask, fetcher } = introspectorUnderTest();
    const asking = [ask('good'), ask('bad')];
    await settled();
    expect(fetcher.questions.map(({ form }) => form['token'])).toEqual(['good', 'bad']);
    fetcher.question(1).say(inactive);
    fetcher.question(0).say(active);
    expect(await Promise.all(asking)).toEqual(['active', 'token_inactive']);
  });

  it('who comes after the answer asks anew: nothing is remembered that was not asked for', async () => {
    const { askTold, fetcher } = introspectorUnderTest();
    expect(await askTold('t', active)).toBe('active');
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(fetcher.questions).toHaveLength(2);
  });
});

describe('D-22: a request waits no longer than its time', () => {
  it('D-22: who gives up ends the call for nobody else', async () => {
    holdTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const first = ask('t');
    await vi.advanceTimersByTimeAsync(2000);
    const second = ask('t');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await first).toBe('introspection_unavailable');
    expect(fetcher.questions).toHaveLength(1);
    fetcher.question(0).say(active);
    expect(await second).toBe('active');
    expect(fetcher.questions).toHaveLength(1);
  });

  it('says that nobody answered in time, and when to come again', async () => {
    holdTimers();
    const { refusalOf } = introspectorUnderTest({ timeoutSeconds: 3 });
    const waiting = refusalOf('t');
    await vi.advanceTimersByTimeAsync(3000);
    const { code, detail, fields } = await waiting;
    expect(code).toBe('introspection_unavailable');
    expect(detail.expected).toContain('no answer in time');
    expect(fields).toMatchObject({ retryAfterSeconds: 1, cause: expect.objectContaining({ code: 'timeout' }) });
  });
});

describe('D-22: 64 calls at a time', () => {
  it('D-22: the 65th waits, and has its turn when one ends', async () => {
    const { ask, fetcher, introspector } = introspectorUnderTest();
    const asking = times(65, (at) => ask(`t${at}`));
    await settled();
    expect(fetcher.questions).toHaveLength(64);
    expect(introspector.status().inFlight).toBe(64);
    fetcher.question(7).say(inactive);
    await settled();
    expect(fetcher.questions.map(({ form }) => form['token'])).toEqual(times(65, (at) => `t${at}`));
    expect(introspector.status().inFlight).toBe(64);
    for (const question of fetcher.questions) question.say(active);
    const answers = await Promise.all(asking);
    expect(answers.filter((code) => code === 'active')).toHaveLength(64);
    expect(introspector.status()).toEqual({ calls: 65, inFlight: 0 });
  });

  it('D-22: beyond 1024 that wait the next is refused at once, and those that wait are not', async () => {
    holdTimers();
    const { ask, refusalOf, fetcher } = introspectorUnderTest();
    const asking = times(64 + 1024, (at) => ask(`t${at}`));
    await settled();
    const refused = await refusalOf('one too many');
    expect(refused.code).toBe('introspection_unavailable');
    expect(refused.detail.expected).toBe('a turn in time');
    expect(refused.fields.retryAfterSeconds).toBe(1);
    fetcher.script = () => active;
    for (const question of fetcher.questions) question.say(active);
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['active']));
    expect(fetcher.questions).toHaveLength(64 + 1024);
  });

  it('D-22: one that asks for what is being asked already needs no turn, however many wait', async () => {
    holdTimers();
    const { ask, fetcher } = introspectorUnderTest();
    const asking = times(64 + 1024, (at) => ask(`t${at}`));
    await settled();
    const again = ask('t0');
    fetcher.question(0).say(active);
    expect(await again).toBe('active');
    fetcher.script = () => active;
    for (const question of fetcher.questions) question.say(active);
    await Promise.all(asking);
  });

  it('D-22: a good token behind 64 that are never answered is 503 when its time is over, and never admitted', async () => {
    holdTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const flood = times(64, (at) => ask(`garbage${at}`));
    const good = ask('good');
    await vi.advanceTimersByTimeAsync(3000);
    expect(await good).toBe('introspection_unavailable');
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['introspection_unavailable']));
    expect(fetcher.questions.map(({ form }) => form['token'])).not.toContain('good');
  });

  it('D-22: a good token that waited is admitted as soon as one of the flood is answered', async () => {
    holdTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const flood = times(64, (at) => ask(`garbage${at}`));
    const good = ask('good');
    await vi.advanceTimersByTimeAsync(1499);
    fetcher.question(0).say(inactive);
    await settled();
    fetcher.question(64).say(active);
    expect(await good).toBe('active');
    for (const question of fetcher.questions) question.say(inactive);
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['token_inactive']));
  });
});

describe('what it knows of itself', () => {
  it('counts calls, and says nothing of failures where there was none', async () => {
    const { introspector, askTold } = introspectorUnderTest();
    expect(introspector.status()).toEqual({ calls: 0, inFlight: 0 });
    await askTold('t', inactive);
    expect(introspector.status()).toEqual({ calls: 1, inFlight: 0 });
    expect(introspector.status()).toSatisfy(Object.isFrozen);
  });

  it('is ready where the endpoint is known, and asks about no token for that', async () => {
    const { introspector, fetcher } = introspectorUnderTest();
    expect(await introspector.ready()).toBeUndefined();
    expect(fetcher.questions).toEqual([]);
  });
});
