import { describe, expect, it, vi } from 'vitest';
import { NetworkError, type NetworkErrorCode } from '../../src/model/ports.js';
import { active, inactive, introspectorUnderTest, settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

/** An answer with this status, as the door reports it. */
function answered(status: number, retryAfterSeconds?: number): NetworkError {
  return new NetworkError('bad_status', `answered ${status}`, { status, retryAfterSeconds });
}

const down = new NetworkError('unreachable', 'ECONNREFUSED');

describe('D-22: back-off', () => {
  it('D-22: while the endpoint is failing nobody asks it, and it is 503', async () => {
    const { ask, askTold, door, clock } = introspectorUnderTest();
    expect(await askTold('t', down)).toBe('introspection_unavailable');
    door.script = () => active;
    clock.advance(0.999);
    expect(await Promise.all(times(10, (at) => ask(`t${at}`)))).toEqual(times(10, () => 'introspection_unavailable'));
    expect(door.questions).toHaveLength(1);
    clock.advance(0.001);
    expect(await ask('t')).toBe('active');
    expect(door.questions).toHaveLength(2);
  });

  it('D-22: the refusal meanwhile says why the call failed, and when to come again', async () => {
    const { askTold, refusalOf, introspector } = introspectorUnderTest();
    await askTold('t', answered(503, 7));
    const { detail, fields } = await refusalOf('t');
    expect(detail.expected).toContain('answered 503');
    expect(fields.retryAfterSeconds).toBe(7);
    expect(introspector.status()).toMatchObject({ lastError: 'bad_status', nextAttemptSeconds: 7 });
  });

  it('D-22: an answer ends it, and the status forgets it', async () => {
    const { askTold, clock, introspector } = introspectorUnderTest();
    await askTold('t', down);
    clock.advance(1);
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(introspector.status()).toEqual({ calls: 2, inFlight: 0 });
  });

  it('D-22: of many calls that fail together one failure counts', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { ask, askTold, door, clock, introspector } = introspectorUnderTest();
    const asking = times(64, (at) => ask(`t${at}`));
    await settled();
    for (const question of door.questions) question.say(down);
    await Promise.all(asking);
    expect(introspector.status()).toMatchObject({ calls: 64, nextAttemptSeconds: 2 });
    clock.advance(2);
    expect(await askTold('t', active)).toBe('active');
  });

  it('D-22: failures one after the other count each, so that the time between them grows', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { askTold, clock, introspector } = introspectorUnderTest();
    const delays = [];
    for (let at = 0; at < 6; at++) {
      await askTold('t', down);
      delays.push(introspector.status().nextAttemptSeconds);
      clock.advance(30);
    }
    expect(delays).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it('D-22: those that waited for a turn do not ask an endpoint that has failed meanwhile', async () => {
    const { ask, door } = introspectorUnderTest();
    const asking = times(100, (at) => ask(`t${at}`));
    await settled();
    for (const question of door.questions) question.say(down);
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['introspection_unavailable']));
    expect(door.questions).toHaveLength(64);
  });

  it.each([400, 413, 414, 422])(
    'D-22: %i is about the token: 503 for it, and the next token is asked about at once',
    async (status) => {
      const { askTold, introspector, door } = introspectorUnderTest();
      expect(await askTold('strange', answered(status))).toBe('introspection_unavailable');
      expect(introspector.status()).not.toHaveProperty('lastError');
      expect(await askTold('good', active)).toBe('active');
      expect(door.questions).toHaveLength(2);
    },
  );

  it.each([401, 403])('D-22: %i says that it is us who may not ask: back-off, credentials_refused', async (status) => {
    const { askTold, refusalOf, introspector, door } = introspectorUnderTest();
    expect(await askTold('t', answered(status))).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('credentials_refused');
    const { fields } = await refusalOf('other');
    expect(fields.cause).toMatchObject({ code: 'credentials_refused', status });
    expect(door.questions).toHaveLength(1);
  });

  it.each([404, 405, 408, 429, 500, 502, 503])('D-22: %i is a failure: back-off', async (status) => {
    const { askTold, ask, introspector, door } = introspectorUnderTest();
    expect(await askTold('t', answered(status))).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('bad_status');
    expect(await ask('other')).toBe('introspection_unavailable');
    expect(door.questions).toHaveLength(1);
  });

  it.each<NetworkErrorCode>(['not_permitted', 'unreachable', 'timeout', 'bad_document', 'closed'])(
    'D-22: %s is a failure: back-off',
    async (code) => {
      const { askTold, ask, introspector, door } = introspectorUnderTest();
      await askTold('t', new NetworkError(code, 'failed'));
      expect(introspector.status().lastError).toBe(code);
      expect(await ask('other')).toBe('introspection_unavailable');
      expect(door.questions).toHaveLength(1);
    },
  );

  it('D-22: an answer that is none is a failure like others, and never about the token', async () => {
    const { askTold, ask, introspector } = introspectorUnderTest();
    expect(await askTold('t', { active: 'true' })).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('bad_document');
    expect(await ask('other')).toBe('introspection_unavailable');
  });

  it('D-22: what is no NetworkError is a failure that is named by its kind alone', async () => {
    const { askTold, refusalOf } = introspectorUnderTest();
    await askTold('t', new TypeError('with s3cret in it'));
    const { detail, fields } = await refusalOf('t');
    expect(detail.expected).toContain('TypeError');
    expect(detail.expected).not.toContain('s3cret');
    expect(fields.cause).toMatchObject({ code: 'bad_document' });
  });

  it.each([
    [1, 1],
    [0, 1],
    [45, 45],
    [120, 120],
    [3600, 120],
  ])('D-22: Retry-After %i is kept to for %i s', async (asked, kept) => {
    const { askTold, clock, introspector, door } = introspectorUnderTest();
    await askTold('t', answered(429, asked));
    expect(introspector.status().nextAttemptSeconds).toBe(kept);
    clock.advance(kept - 0.001);
    expect(await askTold('t', active)).toBe('introspection_unavailable');
    expect(door.questions).toHaveLength(1);
    clock.advance(0.001);
    expect(await askTold('t', active)).toBe('active');
  });
});
