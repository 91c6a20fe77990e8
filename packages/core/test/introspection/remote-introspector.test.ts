import { afterEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../src/model/ports.js';
import { active, inactive, introspectorUnderTest, settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Stops the timers until a test advances them. Everything else runs. */
function freezeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

describe('single flight for introspection of one token (D-22)', () => {
  it('a thousand concurrent requests with one token share one call and its answer (D-22)', async () => {
    const { ask, fetcher } = introspectorUnderTest();
    const pending = times(1000, () => ask('t'));
    await settled();
    expect(fetcher.requests).toHaveLength(1);
    fetcher.requestAt(0).answer(active);
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['active']));
    expect(fetcher.requests).toHaveLength(1);
  });

  it.each([
    ['an inactive answer', inactive, 'token_inactive'],
    ['a failed call', new NetworkError('bad_status', 'answered 503', { status: 503 }), 'introspection_unavailable'],
  ])('a thousand concurrent requests share the result of %s (D-22)', async (_, answer, code) => {
    const { ask, fetcher } = introspectorUnderTest();
    const pending = times(1000, () => ask('t'));
    await settled();
    fetcher.requestAt(0).answer(answer);
    expect(new Set(await Promise.all(pending))).toEqual(new Set([code]));
    expect(fetcher.requests).toHaveLength(1);
  });

  it('two tokens are two calls, and each gets its own answer', async () => {
    const { ask, fetcher } = introspectorUnderTest();
    const pending = [ask('good'), ask('bad')];
    await settled();
    expect(fetcher.requests.map(({ form }) => form['token'])).toEqual(['good', 'bad']);
    fetcher.requestAt(1).answer(inactive);
    fetcher.requestAt(0).answer(active);
    expect(await Promise.all(pending)).toEqual(['active', 'token_inactive']);
  });

  it('a request after the answer causes a new call where no cache is configured', async () => {
    const { askWithAnswer, fetcher } = introspectorUnderTest();
    expect(await askWithAnswer('t', active)).toBe('active');
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
    expect(fetcher.requests).toHaveLength(2);
  });
});

describe('timeout of an introspection call (D-22)', () => {
  it('a request that times out does not end the call for other requests (D-22)', async () => {
    freezeTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const first = ask('t');
    await vi.advanceTimersByTimeAsync(2000);
    const second = ask('t');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await first).toBe('introspection_unavailable');
    expect(fetcher.requests).toHaveLength(1);
    fetcher.requestAt(0).answer(active);
    expect(await second).toBe('active');
    expect(fetcher.requests).toHaveLength(1);
  });

  it('the refusal after a timeout names the timeout and carries Retry-After', async () => {
    freezeTimers();
    const { refusalOf } = introspectorUnderTest({ timeoutSeconds: 3 });
    const pending = refusalOf('t');
    await vi.advanceTimersByTimeAsync(3000);
    const { code, detail, fields } = await pending;
    expect(code).toBe('introspection_unavailable');
    expect(detail.expected).toContain('no answer in time');
    expect(fields).toMatchObject({ retryAfterSeconds: 1, cause: expect.objectContaining({ code: 'timeout' }) });
  });
});

describe('concurrency limit of 64 introspection calls (D-22)', () => {
  it('the 65th call starts when one of the 64 in flight ends (D-22)', async () => {
    const { ask, fetcher, introspector } = introspectorUnderTest();
    const pending = times(65, (at) => ask(`t${at}`));
    await settled();
    expect(fetcher.requests).toHaveLength(64);
    expect(introspector.status().inFlight).toBe(64);
    fetcher.requestAt(7).answer(inactive);
    await settled();
    expect(fetcher.requests.map(({ form }) => form['token'])).toEqual(times(65, (at) => `t${at}`));
    expect(introspector.status().inFlight).toBe(64);
    for (const request of fetcher.requests) request.answer(active);
    const answers = await Promise.all(pending);
    expect(answers.filter((code) => code === 'active')).toHaveLength(64);
    expect(introspector.status()).toEqual({ calls: 65, inFlight: 0 });
  });

  it('with 1024 queued calls the next request is refused at once (D-22)', async () => {
    freezeTimers();
    const { ask, refusalOf, fetcher } = introspectorUnderTest();
    const pending = times(64 + 1024, (at) => ask(`t${at}`));
    await settled();
    const refused = await refusalOf('one too many');
    expect(refused.code).toBe('introspection_unavailable');
    expect(refused.detail.expected).toBe('a free introspection slot in time');
    expect(refused.fields.retryAfterSeconds).toBe(1);
    fetcher.script = () => active;
    for (const request of fetcher.requests) request.answer(active);
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['active']));
    expect(fetcher.requests).toHaveLength(64 + 1024);
  });

  it('a request that joins a call in flight needs no slot of the semaphore (D-22)', async () => {
    freezeTimers();
    const { ask, fetcher } = introspectorUnderTest();
    const pending = times(64 + 1024, (at) => ask(`t${at}`));
    await settled();
    const again = ask('t0');
    fetcher.requestAt(0).answer(active);
    expect(await again).toBe('active');
    fetcher.script = () => active;
    for (const request of fetcher.requests) request.answer(active);
    await Promise.all(pending);
  });

  it('a valid token behind 64 hanging calls causes a 503 response after the timeout (D-22)', async () => {
    freezeTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const forged = times(64, (at) => ask(`garbage${at}`));
    const good = ask('good');
    await vi.advanceTimersByTimeAsync(3000);
    expect(await good).toBe('introspection_unavailable');
    expect(new Set(await Promise.all(forged))).toEqual(new Set(['introspection_unavailable']));
    expect(fetcher.requests.map(({ form }) => form['token'])).not.toContain('good');
  });

  it('a queued valid token is accepted as soon as one of the 64 calls before it ends (D-22)', async () => {
    freezeTimers();
    const { ask, fetcher } = introspectorUnderTest({ timeoutSeconds: 3 });
    const forged = times(64, (at) => ask(`garbage${at}`));
    const good = ask('good');
    await vi.advanceTimersByTimeAsync(1499);
    fetcher.requestAt(0).answer(inactive);
    await settled();
    fetcher.requestAt(64).answer(active);
    expect(await good).toBe('active');
    for (const request of fetcher.requests) request.answer(inactive);
    expect(new Set(await Promise.all(forged))).toEqual(new Set(['token_inactive']));
  });
});

describe('status and readiness of the introspector', () => {
  it('the introspection status counts calls and contains no error before a failure', async () => {
    const { introspector, askWithAnswer } = introspectorUnderTest();
    expect(introspector.status()).toEqual({ calls: 0, inFlight: 0 });
    await askWithAnswer('t', inactive);
    expect(introspector.status()).toEqual({ calls: 1, inFlight: 0 });
    expect(introspector.status()).toSatisfy(Object.isFrozen);
  });

  it('ready() needs only the endpoint and sends no introspection request', async () => {
    const { introspector, fetcher } = introspectorUnderTest();
    expect(await introspector.ready()).toBeUndefined();
    expect(fetcher.requests).toEqual([]);
  });
});
