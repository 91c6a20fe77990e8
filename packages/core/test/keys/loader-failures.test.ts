import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeyLoader, type LoadedKeys } from '../../src/keys/key-loader.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { makeJwk } from '../support-network/keys.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred, json, ScriptedFetcher } from '../support-network/scripted-fetcher.js';

const issuer = 'https://as.example/t1';
const oauth = 'https://as.example/.well-known/oauth-authorization-server/t1';
const openid = 'https://as.example/t1/.well-known/openid-configuration';
const keys = 'https://keys.example/a';

/** A loader, configured or discovering, at a door with these two answers. */
function setup(answers: { oauth?: unknown; openid?: unknown; keys?: unknown }, jwksUri?: URL) {
  const fetcher = new ScriptedFetcher();
  fetcher.answer(oauth, answers.oauth);
  fetcher.answer(openid, answers.openid);
  fetcher.answer(keys, answers.keys ?? { keys: [makeJwk('P-256', { kid: 'a' })] });
  const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
  return new KeyLoader({ issuer, jwksUri, rules: keyRules(), terms }, fetcher);
}

const loaded = ({ keys: set }: LoadedKeys) => set.size;
const good = { issuer, jwks_uri: keys };
const overloaded = (retryAfterSeconds: number) => new NetworkError('bad_status', 'answered 503', { retryAfterSeconds });

describe('a failure to load says which document it was and what is wrong with it', () => {
  it.each<[string, unknown]>([
    ['not JSON in UTF-8', () => Buffer.from('<html>')],
    ['not a JSON object', []],
    ['keys: not an array', {}],
    ['keys: more than 1000', { keys: Array(1001).fill({}) }],
  ])('the key set: %s', async (reason, answer) => {
    const { message } = await failureOf(setup({ keys: answer }, new URL(keys)).load());
    expect(message).toBe(`${keys}: ${reason}`);
    expect(loaded(await setup({}, new URL(keys)).load())).toBe(1);
  });

  it('[RS-8414-3.2-a] both metadata documents, and the first one is the cause', async () => {
    const answers = { oauth: [], openid: { issuer } };
    const { message, cause } = await failureOf(setup(answers).load());
    expect(message).toBe(`${oauth}: not a JSON object; ${openid}: jwks_uri: no URL`);
    expect(cause).toMatchObject({ name: 'NetworkError', message: `${oauth}: not a JSON object` });
    expect(loaded(await setup({ ...answers, openid: good }).load())).toBe(1);
  });

  it('what a door throws that is no NetworkError stays out of the message and is kept as the cause', async () => {
    const thrown = new TypeError('hush');
    const { message, cause } = await failureOf(
      setup({ oauth: thrown, openid: new NetworkError('unreachable', 'down') }).load(),
    );
    expect(message).toBe('discovery failed; down');
    expect(cause).toMatchObject({ name: 'NetworkError', message: 'discovery failed', cause: thrown });
  });
});

describe('D-08: of two documents the longer wait is handed on', () => {
  it.each([
    ['the first', overloaded(60), overloaded(7), 60],
    ['the second', overloaded(7), overloaded(60), 60],
    ['the only one, however short', overloaded(0), new NetworkError('unreachable', 'down'), 0],
    [
      'none where no server asked for one',
      new NetworkError('unreachable', 'down'),
      new NetworkError('unreachable', 'down'),
      undefined,
    ],
  ])('%s', async (_what, first, second, seconds) => {
    const failure = await failureOf(setup({ oauth: first, openid: second }).load());
    expect(failure.retryAfterSeconds).toBe(seconds);
  });
});

describe('D-19: the grace for RFC 8414 is for its answer beside a good one, not for its answer alone', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('where OpenID has none, it may take as long as it likes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = deferred<Uint8Array>();
    const loading = setup({ oauth: () => slow.promise, openid: new NetworkError('bad_status', 'answered 404') }).load();
    await vi.advanceTimersByTimeAsync(2000);
    slow.resolve(json(good));
    expect(loaded(await loading)).toBe(1);
  });

  it('where OpenID has one, RFC 8414 has half a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const other = { issuer, jwks_uri: 'https://keys.example/absent' };
    for (const [after, expected] of [
      [499, 'loaded'],
      [501, 'https://keys.example/absent: answered 404'],
    ] as const) {
      const slow = deferred<Uint8Array>();
      const loading = setup({ oauth: () => slow.promise, openid: other }).load();
      const outcome = loading.then(
        () => 'loaded',
        (failure: Error) => failure.message,
      );
      await vi.advanceTimersByTimeAsync(after);
      slow.resolve(json(good));
      expect(await outcome).toBe(expected);
    }
  });
});
