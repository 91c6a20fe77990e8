import { describe, expect, it, vi } from 'vitest';
import { NetworkError, type NetworkErrorCode } from '../../src/model/ports.js';
import type { Question } from '../support-network/introspection-fetcher.js';
import { active, inactive, introspectorUnderTest, settled } from '../support-network/introspector.js';
import { times } from '../support-network/key-source.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

/** An answer with this status, as the door reports it. */
function answered(status: number, retryAfterSeconds?: number): NetworkError {
  return new NetworkError('bad_status', `answered ${status}`, { status, retryAfterSeconds });
}

const down = new NetworkError('unreachable', 'ECONNREFUSED');
/** Whether a question is about a token of our own making, to see how the endpoint is. */
const isLook = ({ form }: Question) => /^[\w-]{43}$/.test(form['token'] ?? '');

/** An introspector whose looks and questions can be told apart. */
function underTest() {
  const parts = introspectorUnderTest();
  const { fetcher } = parts;
  return {
    ...parts,
    looks: () => fetcher.questions.filter(isLook).length,
    questions: () => fetcher.questions.filter((question) => !isLook(question)).length,
    /** To questions about this token this is said, and to all others that. */
    poison: (token: string, said: unknown, others: unknown = inactive) => {
      fetcher.script = ({ form }) => (form['token'] === token ? said : others);
    },
  };
}

describe('D-22: an endpoint that fails for every token', () => {
  it('D-22: is looked at once more, and then not asked before its back-off is over; it is 503', async () => {
    const { ask, askTold, fetcher, clock, looks, questions } = underTest();
    expect(await askTold('t', down)).toBe('introspection_unavailable');
    fetcher.script = () => active;
    clock.advance(0.999);
    expect(await Promise.all(times(10, (at) => ask(`t${at}`)))).toEqual(times(10, () => 'introspection_unavailable'));
    expect([questions(), looks()]).toEqual([1, 1]);
    clock.advance(0.001);
    expect(await ask('t')).toBe('active');
    expect([questions(), looks()]).toEqual([2, 2]);
  });

  it('D-22: is looked at by one when its back-off is over, for whom all others wait', async () => {
    const { ask, askTold, fetcher, clock, looks, questions } = underTest();
    await askTold('t', down);
    fetcher.script = undefined;
    clock.advance(1);
    const asking = times(50, (at) => ask(`t${at}`));
    await settled();
    expect([questions(), looks()]).toEqual([1, 2]);
    fetcher.script = () => active;
    fetcher.questions.at(-1)?.say(inactive);
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['active']));
    expect([questions(), looks()]).toEqual([51, 2]);
  });

  it('D-22: and by nobody else where that look fails', async () => {
    const { ask, askTold, clock, looks, questions } = underTest();
    await askTold('t', down);
    clock.advance(1);
    expect(new Set(await Promise.all(times(50, (at) => ask(`t${at}`))))).toEqual(
      new Set(['introspection_unavailable']),
    );
    expect([questions(), looks()]).toEqual([1, 2]);
  });

  it('D-22: the refusal meanwhile says why the call failed, and when to come again', async () => {
    const { askTold, refusalOf, introspector } = underTest();
    await askTold('t', answered(503, 7));
    const { detail, fields } = await refusalOf('t');
    expect(detail.expected).toContain('answered 503');
    expect(fields.retryAfterSeconds).toBe(7);
    expect(introspector.status()).toMatchObject({ lastError: 'bad_status', nextAttemptSeconds: 7 });
  });

  it('D-22: an answer ends it, and the status forgets it', async () => {
    const { askTold, clock, introspector } = underTest();
    await askTold('t', down);
    clock.advance(1);
    expect(await askTold('t', inactive)).toBe('token_inactive');
    expect(introspector.status()).toEqual({ calls: 4, inFlight: 0 });
  });

  it('D-22: of many calls that fail together one failure counts', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { ask, askTold, fetcher, clock, introspector, looks } = underTest();
    const asking = times(64, (at) => ask(`t${at}`));
    await settled();
    fetcher.script = () => down;
    for (const question of fetcher.questions.slice()) question.say(down);
    await Promise.all(asking);
    expect(looks()).toBe(1);
    expect(introspector.status().nextAttemptSeconds).toBe(2);
    clock.advance(2);
    expect(await askTold('t', active)).toBe('active');
  });

  it('D-22: failures one after the other count each, so that the time between them grows', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { askTold, clock, introspector } = underTest();
    const delays = [];
    for (let at = 0; at < 6; at++) {
      await askTold('t', down);
      delays.push(introspector.status().nextAttemptSeconds);
      clock.advance(30);
    }
    expect(delays).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it('D-22: those that waited for a turn do not ask one that has failed meanwhile', async () => {
    const { ask, fetcher, questions } = underTest();
    const asking = times(100, (at) => ask(`t${at}`));
    await settled();
    for (const question of fetcher.questions.slice()) question.say(answered(503));
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['introspection_unavailable']));
    expect(questions()).toBe(64);
  });

  it.each([401, 429, 503])('D-22: %i is about us or itself, whatever the token: nobody looks', async (status) => {
    const { askTold, ask, looks, questions } = underTest();
    const failure = status === 401 ? new NetworkError('credentials_refused', '401', { status }) : answered(status);
    expect(await askTold('t', failure)).toBe('introspection_unavailable');
    expect(await ask('other')).toBe('introspection_unavailable');
    expect([questions(), looks()]).toEqual([1, 0]);
  });

  it.each([400, 404, 405, 408, 413, 500, 502])('D-22: %i to every token is a failure', async (status) => {
    const { askTold, ask, introspector, questions } = underTest();
    expect(await askTold('t', answered(status))).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('bad_status');
    expect(await ask('other')).toBe('introspection_unavailable');
    expect(questions()).toBe(1);
  });

  it('D-22: 403 to every token says that it is us who may not ask', async () => {
    const { askTold, introspector, refusalOf } = underTest();
    await askTold('t', answered(403));
    expect(introspector.status().lastError).toBe('credentials_refused');
    expect((await refusalOf('other')).fields.cause).toMatchObject({ code: 'credentials_refused', status: 403 });
  });

  it.each<NetworkErrorCode>(['not_permitted', 'unreachable', 'timeout', 'bad_document', 'closed'])(
    'D-22: %s for every token is a failure',
    async (code) => {
      const { askTold, ask, introspector, questions } = underTest();
      await askTold('t', new NetworkError(code, 'failed'));
      expect(introspector.status().lastError).toBe(code);
      expect(await ask('other')).toBe('introspection_unavailable');
      expect(questions()).toBe(1);
    },
  );

  it('D-22: an answer that is none is a failure like others', async () => {
    const { askTold, ask, introspector } = underTest();
    expect(await askTold('t', { active: 'true' })).toBe('introspection_unavailable');
    expect(introspector.status().lastError).toBe('bad_document');
    expect(await ask('other')).toBe('introspection_unavailable');
  });

  it('D-22: what is no NetworkError is named by its kind alone, and not kept', async () => {
    const { askTold, refusalOf } = underTest();
    await askTold('t', new TypeError('with s3cret in it'));
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
  ])('D-22: Retry-After %i is kept to for %i s', async (asked, kept) => {
    const { askTold, clock, introspector, questions } = underTest();
    await askTold('t', answered(429, asked));
    expect(introspector.status().nextAttemptSeconds).toBe(kept);
    clock.advance(kept - 0.001);
    expect(await askTold('t', active)).toBe('introspection_unavailable');
    expect(questions()).toBe(1);
    clock.advance(0.001);
    expect(await askTold('t', active)).toBe('active');
  });

  it('D-22: an answer to a call that was begun before does not end its back-off', async () => {
    const { ask, fetcher, introspector } = underTest();
    const [early, late] = [ask('early'), ask('late')];
    await settled();
    fetcher.question(1).say(answered(429, 45));
    await late;
    fetcher.question(0).say(active);
    expect(await early).toBe('active');
    expect(introspector.status().nextAttemptSeconds).toBe(45);
  });
});

describe('D-22: a token that makes a healthy endpoint stumble', () => {
  it.each([
    ['400', answered(400)],
    ['403', answered(403)],
    ['405', answered(405)],
    ['500', answered(500)],
    ['a reset connection', new NetworkError('unreachable', 'ECONNRESET')],
    ['no answer in time', new NetworkError('timeout', 'no answer in time')],
    ['an answer that is none', { active: 'perhaps' }],
  ])('D-22: by %s keeps nobody else out', async (_, said) => {
    const { ask, poison, introspector } = underTest();
    poison('poison', said, active);
    for (let at = 0; at < 20; at++) {
      expect(await Promise.all([ask('poison'), ask(`good-${at}`)])).toEqual(['introspection_unavailable', 'active']);
      expect(introspector.status()).not.toHaveProperty('lastError');
    }
  });

  it('D-22: costs one look for all that stumble together', async () => {
    const { ask, fetcher, looks } = underTest();
    const asking = times(64, (at) => ask(`poison-${at}`));
    await settled();
    const poisoned = fetcher.questions.slice();
    fetcher.script = () => inactive;
    for (const question of poisoned) question.say(answered(500));
    await Promise.all(asking);
    expect(looks()).toBe(1);
  });

  it.each([400, 413, 414, 422])(
    'D-22: %i to tokens of a form that is not its own is no failure, as long as it answers others',
    async (status) => {
      const { ask, fetcher, looks } = underTest();
      // Refuses what does not begin as its own tokens do, ours too.
      fetcher.script = ({ form }) => (form['token']?.startsWith('own') ? active : answered(status));
      expect(await ask('own-1')).toBe('active');
      for (let at = 0; at < 10; at++) expect(await ask(`strange-${at}`)).toBe('introspection_unavailable');
      expect(await ask('own-2')).toBe('active');
      expect(looks()).toBe(0);
    },
  );
});

describe('D-22: an endpoint that has an error for whatever it never issued, our own token too', () => {
  const strange: [string, unknown][] = [
    ['400', answered(400)],
    ['404', answered(404)],
    ['500', answered(500)],
    ['an answer that is none', { error: 'unknown token' }],
  ];

  it.each(strange)('D-22: answers for its own after one back-off, whatever came before: %s', async (_, said) => {
    const { ask, fetcher, clock, introspector } = underTest();
    fetcher.script = ({ form }) => (form['token']?.startsWith('own') ? active : said);
    expect(await ask('made up')).toBe('introspection_unavailable');
    expect(await ask('own-1')).toBe('introspection_unavailable');
    clock.advance(1);
    expect(await Promise.all([ask('own-2'), ask('own-3')])).toEqual(['active', 'active']);
    expect(introspector.status()).not.toHaveProperty('lastError');
  });

  it.each(strange)(
    'D-22: is not asked again in the next back-off where it has none for others either: %s',
    async (_, said) => {
      vi.spyOn(Math, 'random').mockReturnValue(1);
      const { ask, fetcher, clock, introspector, questions, looks } = underTest();
      fetcher.script = () => said;
      await ask('t0');
      for (const [at, seconds] of [2, 4, 8].entries()) {
        clock.advance(seconds);
        expect(await ask(`t${at + 1}`)).toBe('introspection_unavailable');
        expect(await ask('meanwhile')).toBe('introspection_unavailable');
        expect([questions(), looks()]).toEqual([at + 2, at + 2]);
        expect(introspector.status().nextAttemptSeconds).toBe(seconds * 2);
      }
    },
  );

  it('D-22: is tried by eight at a time, and not by the others', async () => {
    const { ask, fetcher, clock, questions, looks } = underTest();
    fetcher.script = () => answered(500);
    await ask('t');
    for (let round = 1; round <= 3; round++) {
      clock.advance(1);
      fetcher.script = undefined;
      const asking = times(20, (at) => ask(`t${round}-${at}`));
      await settled();
      expect([questions(), looks()]).toEqual([8 * round - 7, round + 1]);
      fetcher.questions.at(-1)?.say(answered(500));
      await settled();
      expect([questions(), looks()]).toEqual([8 * round + 1, round + 1]);
      for (const question of fetcher.questions.slice(-8)) question.say(answered(500));
      expect(new Set(await Promise.all(asking))).toEqual(new Set(['introspection_unavailable']));
    }
    clock.advance(1);
    fetcher.script = () => active;
    expect(new Set(await Promise.all(times(8, (at) => ask(`own-${at}`))))).toEqual(new Set(['active']));
    expect(new Set(await Promise.all(times(50, (at) => ask(`own-${at}`))))).toEqual(new Set(['active']));
  });

  it('D-22: is well again where it refuses a question as it did lately, and not where it did not', async () => {
    const { ask, askTold, fetcher, clock, introspector, poison } = underTest();
    await askTold('own', active);
    fetcher.script = () => answered(500);
    await ask('t');
    clock.advance(1);
    poison('strange', answered(400), answered(500));
    expect(await ask('strange')).toBe('introspection_unavailable');
    expect(introspector.status()).not.toHaveProperty('lastError');
    fetcher.script = () => answered(500);
    await ask('t');
    clock.advance(60);
    poison('strange', answered(400), answered(500));
    await ask('strange');
    expect(introspector.status()).toMatchObject({ lastError: 'bad_status' });
  });

  it('D-22: of those that try together one failure counts, and one answer ends it', async () => {
    const { ask, fetcher, clock, introspector } = underTest();
    fetcher.script = () => answered(500);
    await ask('t');
    clock.advance(1);
    fetcher.script = undefined;
    const asking = times(3, (at) => ask(`t${at}`));
    await settled();
    fetcher.questions.at(-1)?.say(answered(500));
    await settled();
    const tried = fetcher.questions.slice(-3);
    tried[0]?.say(answered(500));
    tried[1]?.say(answered(500));
    await settled();
    expect(introspector.status().nextAttemptSeconds).toBe(1);
    tried[2]?.say(active);
    expect((await Promise.all(asking)).at(-1)).toBe('active');
    expect(introspector.status()).not.toHaveProperty('lastError');
  });
});
