import { describe, expect, it, vi } from 'vitest';
import { NetworkError, type NetworkErrorCode } from '../../src/model/ports.js';
import type { PendingRequest } from '../support-network/introspection-fetcher.js';
import { active, inactive, introspectorUnderTest, settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

/*
 * Tests of the CircuitBreaker for an introspection endpoint.
 *
 * A probe is a request with a random token that the circuit breaker generates. It shows whether the
 * endpoint fails for every token, or only for the token of one request.
 *
 * A trial is a request with the token of a client, sent after the back-off although the probe has
 * failed. The endpoint may fail for tokens that it never issued, and still answer for its own.
 */

withoutJitter();

/** A response with this status, as the fetcher reports it. */
function statusError(status: number, retryAfterSeconds?: number): NetworkError {
  return new NetworkError('bad_status', `answered ${status}`, { status, retryAfterSeconds });
}

const down = new NetworkError('unreachable', 'ECONNREFUSED');
/** Whether a request is a probe: about a random token that the circuit breaker has generated. */
const isProbe = ({ form }: PendingRequest) => /^[\w-]{43}$/.test(form['token'] ?? '');

/** An introspector that counts probes and requests about real tokens separately. */
function underTest() {
  const parts = introspectorUnderTest();
  const { fetcher } = parts;
  return {
    ...parts,
    probes: () => fetcher.requests.filter(isProbe).length,
    requests: () => fetcher.requests.filter((request) => !isProbe(request)).length,
    /** Requests about this token get `response`, all others get `others`. */
    failFor: (token: string, response: unknown, others: unknown = inactive) => {
      fetcher.script = ({ form }) => (form['token'] === token ? response : others);
    },
  };
}

describe('endpoint that fails for every token (D-22)', () => {
  it('a failing endpoint is probed once, then requests get 503 until the back-off ends (D-22)', async () => {
    const { ask, askWithAnswer, fetcher, clock, probes, requests } = underTest();
    expect(await askWithAnswer('t', down)).toBe('introspection_unavailable');
    fetcher.script = () => active;
    clock.advance(0.999);
    expect(await Promise.all(times(10, (at) => ask(`t${at}`)))).toEqual(times(10, () => 'introspection_unavailable'));
    expect([requests(), probes()]).toEqual([1, 1]);
    clock.advance(0.001);
    expect(await ask('t')).toBe('active');
    expect([requests(), probes()]).toEqual([2, 2]);
  });

  it('after the back-off one probe is sent, and all other requests wait for it (D-22)', async () => {
    const { ask, askWithAnswer, fetcher, clock, probes, requests } = underTest();
    await askWithAnswer('t', down);
    fetcher.script = undefined;
    clock.advance(1);
    const pending = times(50, (at) => ask(`t${at}`));
    await settled();
    expect([requests(), probes()]).toEqual([1, 2]);
    fetcher.script = () => active;
    fetcher.requests.at(-1)?.answer(inactive);
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['active']));
    expect([requests(), probes()]).toEqual([51, 2]);
  });

  it('after a failed probe all waiting requests are refused without a call (D-22)', async () => {
    const { ask, askWithAnswer, clock, probes, requests } = underTest();
    await askWithAnswer('t', down);
    clock.advance(1);
    expect(new Set(await Promise.all(times(50, (at) => ask(`t${at}`))))).toEqual(
      new Set(['introspection_unavailable']),
    );
    expect([requests(), probes()]).toEqual([1, 2]);
  });

  it('the refusal during back-off names the cause of the failure and carries Retry-After (D-22)', async () => {
    const { askWithAnswer, refusalOf, introspector } = underTest();
    await askWithAnswer('t', statusError(503, 7));
    const { detail, fields } = await refusalOf('t');
    expect(detail.expected).toContain('answered 503');
    expect(fields.retryAfterSeconds).toBe(7);
    expect(introspector.status()).toMatchObject({ lastError: 'bad_status', nextAttemptSeconds: 7 });
  });

  it('a successful answer ends the back-off and clears the error in the status (D-22)', async () => {
    const { askWithAnswer, clock, introspector } = underTest();
    await askWithAnswer('t', down);
    clock.advance(1);
    expect(await askWithAnswer('t', inactive)).toBe('token_inactive');
    expect(introspector.status()).toEqual({ calls: 4, inFlight: 0 });
  });

  it('many calls that fail together count as one failure (D-22)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { ask, askWithAnswer, fetcher, clock, introspector, probes } = underTest();
    const pending = times(64, (at) => ask(`t${at}`));
    await settled();
    fetcher.script = () => down;
    for (const request of fetcher.requests.slice()) request.answer(down);
    await Promise.all(pending);
    expect(probes()).toBe(1);
    expect(introspector.status().nextAttemptSeconds).toBe(2);
    clock.advance(2);
    expect(await askWithAnswer('t', active)).toBe('active');
  });

  it('failures one after the other increase the back-off delay (D-22)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { askWithAnswer, clock, introspector } = underTest();
    const delays = [];
    for (let at = 0; at < 6; at++) {
      await askWithAnswer('t', down);
      delays.push(introspector.status().nextAttemptSeconds);
      clock.advance(30);
    }
    expect(delays).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it('queued requests do not call an endpoint that has failed in the meantime (D-22)', async () => {
    const { ask, fetcher, requests } = underTest();
    const pending = times(100, (at) => ask(`t${at}`));
    await settled();
    for (const request of fetcher.requests.slice()) request.answer(statusError(503));
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['introspection_unavailable']));
    expect(requests()).toBe(64);
  });

  it.each([401, 429, 503])('a %i response affects every token, so no probe is sent (D-22)', async (status) => {
    const { askWithAnswer, ask, probes, requests } = underTest();
    const failure = status === 401 ? new NetworkError('credentials_refused', '401', { status }) : statusError(status);
    expect(await askWithAnswer('t', failure)).toBe('introspection_unavailable');
    expect(await ask('other')).toBe('introspection_unavailable');
    expect([requests(), probes()]).toEqual([1, 0]);
  });

  it.each([400, 404, 405, 408, 413, 500, 502])(
    'a %i response to every token is a failure of the endpoint (D-22)',
    async (status) => {
      const { askWithAnswer, ask, introspector, requests } = underTest();
      expect(await askWithAnswer('t', statusError(status))).toBe('introspection_unavailable');
      expect(introspector.status().lastError).toBe('bad_status');
      expect(await ask('other')).toBe('introspection_unavailable');
      expect(requests()).toBe(1);
    },
  );

  it('a 403 response to every token is reported as credentials_refused (D-22)', async () => {
    const { askWithAnswer, introspector, refusalOf } = underTest();
    await askWithAnswer('t', statusError(403));
    expect(introspector.status().lastError).toBe('credentials_refused');
    expect((await refusalOf('other')).fields.cause).toMatchObject({ code: 'credentials_refused', status: 403 });
  });

  it.each<NetworkErrorCode>(['not_permitted', 'unreachable', 'timeout', 'bad_document', 'closed'])(
    'a NetworkError %s for every token is a failure of the endpoint (D-22)',
    async (code) => {
      const { askWithAnswer, ask, introspector, requests } = underTest();
      await askWithAnswer('t', new NetworkError(code, 'failed'));
      expect(introspector.status().lastError).toBe(code);
      expect(await ask('other')).toBe('introspection_unavailable');
      expect(requests()).toBe(1);
    },
  );

  it('a malformed answer for every token is a failure of the endpoint (D-22)', async () => {
    const { askWithAnswer, ask, introspector } = underTest();
    expect(await askWithAnswer('t', { active: 'true' })).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('bad_document');
    expect(await ask('other')).toBe('introspection_unavailable');
  });

  it('an error that is not a NetworkError is reported by its class name only and not kept (D-22)', async () => {
    const { askWithAnswer, refusalOf } = underTest();
    await askWithAnswer('t', new TypeError('with s3cret in it'));
    const { detail, fields } = await refusalOf('t');
    expect(detail.expected).toContain('TypeError');
    expect(detail.expected).not.toContain('s3cret');
    expect(fields.cause).toMatchObject({ code: 'bad_document' });
    expect((fields.cause as NetworkError).cause).toBeUndefined();
  });

  it.each([
    [1, 1],
    [0, 1],
    [45, 45],
    [120, 120],
    [3600, 120],
  ])('a Retry-After of %i s delays the next call by %i s (D-22)', async (requested, delay) => {
    const { askWithAnswer, clock, introspector, requests } = underTest();
    await askWithAnswer('t', statusError(429, requested));
    expect(introspector.status().nextAttemptSeconds).toBe(delay);
    clock.advance(delay - 0.001);
    expect(await askWithAnswer('t', active)).toBe('introspection_unavailable');
    expect(requests()).toBe(1);
    clock.advance(0.001);
    expect(await askWithAnswer('t', active)).toBe('active');
  });

  it('an answer to a call that began before the failure does not end the back-off (D-22)', async () => {
    const { ask, fetcher, introspector } = underTest();
    const [early, late] = [ask('early'), ask('late')];
    await settled();
    fetcher.requestAt(1).answer(statusError(429, 45));
    await late;
    fetcher.requestAt(0).answer(active);
    expect(await early).toBe('active');
    expect(introspector.status().nextAttemptSeconds).toBe(45);
  });
});

describe('token that makes a healthy endpoint fail (D-22)', () => {
  it.each([
    ['a 400 response', statusError(400)],
    ['a 403 response', statusError(403)],
    ['a 405 response', statusError(405)],
    ['a 500 response', statusError(500)],
    ['a reset connection', new NetworkError('unreachable', 'ECONNRESET')],
    ['a timeout', new NetworkError('timeout', 'no answer in time')],
    ['a malformed answer', { active: 'perhaps' }],
  ])('a token that causes %s does not affect other tokens (D-22)', async (_, response) => {
    const { ask, failFor, introspector } = underTest();
    failFor('failing', response, active);
    for (let at = 0; at < 20; at++) {
      expect(await Promise.all([ask('failing'), ask(`good-${at}`)])).toEqual(['introspection_unavailable', 'active']);
      expect(introspector.status()).not.toHaveProperty('lastError');
    }
  });

  it('many tokens that fail together cause one probe (D-22)', async () => {
    const { ask, fetcher, probes } = underTest();
    const pending = times(64, (at) => ask(`failing-${at}`));
    await settled();
    const failing = fetcher.requests.slice();
    fetcher.script = () => inactive;
    for (const request of failing) request.answer(statusError(500));
    await Promise.all(pending);
    expect(probes()).toBe(1);
  });

  it.each([400, 413, 414, 422])(
    'an endpoint that answers %i only to tokens of another format does not count as failing (D-22)',
    async (status) => {
      const { ask, fetcher, probes } = underTest();
      // Refuses every token without the prefix of the issuer, the probe included.
      fetcher.script = ({ form }) => (form['token']?.startsWith('own') ? active : statusError(status));
      expect(await ask('own-1')).toBe('active');
      for (let at = 0; at < 10; at++) expect(await ask(`unknown-${at}`)).toBe('introspection_unavailable');
      expect(await ask('own-2')).toBe('active');
      expect(probes()).toBe(0);
    },
  );
});

describe('endpoint that answers unknown tokens, also the probe, with an error (D-22)', () => {
  const unknownTokenErrors: [string, unknown][] = [
    ['a 400 response', statusError(400)],
    ['a 404 response', statusError(404)],
    ['a 500 response', statusError(500)],
    ['a malformed answer', { error: 'unknown token' }],
  ];

  it.each(unknownTokenErrors)(
    'an endpoint that rejects unknown tokens answers known ones after one back-off: %s (D-22)',
    async (_, response) => {
      const { ask, fetcher, clock, introspector } = underTest();
      fetcher.script = ({ form }) => (form['token']?.startsWith('own') ? active : response);
      expect(await ask('made up')).toBe('introspection_unavailable');
      expect(await ask('own-1')).toBe('introspection_unavailable');
      clock.advance(1);
      expect(await Promise.all([ask('own-2'), ask('own-3')])).toEqual(['active', 'active']);
      expect(introspector.status()).not.toHaveProperty('lastError');
    },
  );

  it.each(unknownTokenErrors)(
    'an endpoint that rejects all tokens is not called again before the next back-off ends: %s (D-22)',
    async (_, response) => {
      vi.spyOn(Math, 'random').mockReturnValue(1);
      const { ask, fetcher, clock, introspector, requests, probes } = underTest();
      fetcher.script = () => response;
      await ask('t0');
      for (const [at, seconds] of [2, 4, 8].entries()) {
        clock.advance(seconds);
        expect(await ask(`t${at + 1}`)).toBe('introspection_unavailable');
        expect(await ask('meanwhile')).toBe('introspection_unavailable');
        expect([requests(), probes()]).toEqual([at + 2, at + 2]);
        expect(introspector.status().nextAttemptSeconds).toBe(seconds * 2);
      }
    },
  );

  it('after a failed probe at most eight trials are sent at a time (D-22)', async () => {
    const { ask, fetcher, clock, requests, probes } = underTest();
    fetcher.script = () => statusError(500);
    await ask('t');
    for (let round = 1; round <= 3; round++) {
      clock.advance(1);
      fetcher.script = undefined;
      const pending = times(20, (at) => ask(`t${round}-${at}`));
      await settled();
      expect([requests(), probes()]).toEqual([8 * round - 7, round + 1]);
      fetcher.requests.at(-1)?.answer(statusError(500));
      await settled();
      expect([requests(), probes()]).toEqual([8 * round + 1, round + 1]);
      for (const request of fetcher.requests.slice(-8)) request.answer(statusError(500));
      expect(new Set(await Promise.all(pending))).toEqual(new Set(['introspection_unavailable']));
    }
    clock.advance(1);
    fetcher.script = () => active;
    expect(new Set(await Promise.all(times(8, (at) => ask(`own-${at}`))))).toEqual(new Set(['active']));
    expect(new Set(await Promise.all(times(50, (at) => ask(`own-${at}`))))).toEqual(new Set(['active']));
  });

  it('a refused trial ends the back-off only if another token got an answer recently (D-22)', async () => {
    const { ask, askWithAnswer, fetcher, clock, introspector, failFor } = underTest();
    await askWithAnswer('own', active);
    fetcher.script = () => statusError(500);
    await ask('t');
    clock.advance(1);
    failFor('unknown', statusError(400), statusError(500));
    expect(await ask('unknown')).toBe('introspection_unavailable');
    expect(introspector.status()).not.toHaveProperty('lastError');
    fetcher.script = () => statusError(500);
    await ask('t');
    clock.advance(60);
    failFor('unknown', statusError(400), statusError(500));
    await ask('unknown');
    expect(introspector.status()).toMatchObject({ lastError: 'bad_status' });
  });

  it('concurrent failed trials count as one failure, and one answer ends the back-off (D-22)', async () => {
    const { ask, fetcher, clock, introspector } = underTest();
    fetcher.script = () => statusError(500);
    await ask('t');
    clock.advance(1);
    fetcher.script = undefined;
    const pending = times(3, (at) => ask(`t${at}`));
    await settled();
    fetcher.requests.at(-1)?.answer(statusError(500));
    await settled();
    const trials = fetcher.requests.slice(-3);
    trials[0]?.answer(statusError(500));
    trials[1]?.answer(statusError(500));
    await settled();
    expect(introspector.status().nextAttemptSeconds).toBe(1);
    trials[2]?.answer(active);
    expect((await Promise.all(pending)).at(-1)).toBe('active');
    expect(introspector.status()).not.toHaveProperty('lastError');
  });
});
