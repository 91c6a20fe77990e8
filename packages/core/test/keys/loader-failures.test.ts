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

/** A key loader, with jwks_uri or with discovery, whose fetcher returns these responses. */
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

describe('error messages of the key loader', () => {
  it.each<[string, unknown]>([
    ['not JSON in UTF-8', () => Buffer.from('<html>')],
    ['not a JSON object', []],
    ['keys: not an array', {}],
    ['keys: more than 1000', { keys: Array(1001).fill({}) }],
  ])('a failure to load the key set names the document and its error: %s', async (reason, answer) => {
    const { message } = await failureOf(setup({ keys: answer }, new URL(keys)).load());
    expect(message).toBe(`${keys}: ${reason}`);
    expect(loaded(await setup({}, new URL(keys)).load())).toBe(1);
  });

  it('a failed discovery names the errors of both documents; the first is the cause [RS-8414-3.2-a]', async () => {
    const answers = { oauth: [], openid: { issuer } };
    const { message, cause } = await failureOf(setup(answers).load());
    expect(message).toBe(`${oauth}: not a JSON object; ${openid}: jwks_uri: no URL`);
    expect(cause).toMatchObject({ name: 'NetworkError', message: `${oauth}: not a JSON object` });
    expect(loaded(await setup({ ...answers, openid: good }).load())).toBe(1);
  });

  it('an error of the fetcher that is not a NetworkError is kept as the cause, out of the message', async () => {
    const thrown = new TypeError('hush');
    const { message, cause } = await failureOf(
      setup({ oauth: thrown, openid: new NetworkError('unreachable', 'down') }).load(),
    );
    expect(message).toBe('discovery failed; down');
    expect(cause).toMatchObject({ name: 'NetworkError', message: 'discovery failed', cause: thrown });
  });
});

describe('Retry-After of a failed discovery (D-08)', () => {
  it.each([
    ['of the first', overloaded(60), overloaded(7), 60],
    ['of the second', overloaded(7), overloaded(60), 60],
    ['of the only response that has one, however short', overloaded(0), new NetworkError('unreachable', 'down'), 0],
    [
      'none where no response has one',
      new NetworkError('unreachable', 'down'),
      new NetworkError('unreachable', 'down'),
      undefined,
    ],
  ])(
    'the failure of a discovery carries the longer Retry-After of the two documents: %s',
    async (_what, first, second, seconds) => {
      const failure = await failureOf(setup({ oauth: first, openid: second }).load());
      expect(failure.retryAfterSeconds).toBe(seconds);
    },
  );
});

describe('grace period for the RFC 8414 metadata (D-19)', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('without OpenID metadata the RFC 8414 response may take longer than the grace period (D-19)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = deferred<Uint8Array>();
    const loading = setup({ oauth: () => slow.promise, openid: new NetworkError('bad_status', 'answered 404') }).load();
    await vi.advanceTimersByTimeAsync(2000);
    slow.resolve(json(good));
    expect(loaded(await loading)).toBe(1);
  });

  it('with valid OpenID metadata the RFC 8414 response has half a second (D-19)', async () => {
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
