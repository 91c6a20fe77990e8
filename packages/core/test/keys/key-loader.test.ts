import { describe, expect, it } from 'vitest';
import { KeyLoader, type LoadedKeys } from '../../src/keys/key-loader.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { makeJwk, named, tokenNaming } from '../support-network/keys.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred, json, ScriptedFetcher } from '../support-network/scripted-fetcher.js';

const issuer = 'https://as.example/t1';
const oauth = 'https://as.example/.well-known/oauth-authorization-server/t1';
const openid = 'https://as.example/t1/.well-known/openid-configuration';
const keysA = 'https://keys.example/a';
const keysB = 'https://keys.example/b';

function setup({ jwksUri, hosts }: { jwksUri?: string; hosts?: readonly string[] } = {}) {
  const fetcher = new ScriptedFetcher();
  fetcher.answer(keysA, { keys: [makeJwk('P-256', { kid: 'a' })] });
  fetcher.answer(keysB, { keys: [makeJwk('P-256', { kid: 'b' })] });
  const terms: FetchTerms = { plainHttp: 'never', hosts: hosts && new Set(hosts), addresses: 'any' };
  const location = jwksUri === undefined ? undefined : new URL(jwksUri);
  return { fetcher, loader: new KeyLoader({ issuer, jwksUri: location, rules: keyRules(), terms }, fetcher) };
}

function has({ keys }: LoadedKeys, kid: string): boolean {
  return named(keys.choose(tokenNaming(kid))) === kid;
}

const html = () => Buffer.from('<!doctype html><title>s3cret</title>');

describe('D-19: discovery', () => {
  it('D-19: both forms are asked at once', async () => {
    const { fetcher, loader } = setup();
    const preferred = deferred<Uint8Array>();
    fetcher.answer(oauth, () => preferred.promise);
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    const loading = loader.load();
    expect(fetcher.asked).toEqual([oauth, openid]);
    preferred.resolve(json({ issuer, jwks_uri: keysA }));
    expect(has(await loading, 'a')).toBe(true);
  });

  it("D-19: RFC 8414's answer wins, and the other one may fail", async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    fetcher.answer(openid, new NetworkError('unreachable', 'down'));
    expect(has(await loader.load(), 'a')).toBe(true);
    expect(fetcher.count(keysB)).toBe(0);
  });

  it.each<[string, unknown]>([
    ['answers 404', new NetworkError('bad_status', 'answered 404')],
    ['is an HTML page', html],
    ['is a list', [{ issuer, jwks_uri: keysA }]],
    ['is of another issuer', { issuer: 'https://as.example', jwks_uri: keysA }],
    ['has no jwks_uri', { issuer }],
    ['names its issuer twice', () => Buffer.from(`{"issuer":"x","issuer":"${issuer}","jwks_uri":"${keysA}"}`)],
  ])("D-19: OpenID's answer counts where RFC 8414's %s", async (_, answer) => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, answer);
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
    expect(fetcher.count(keysA)).toBe(0);
  });

  it("D-19: OpenID's answer counts where RFC 8414's never comes", async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, () => new Promise(() => {}));
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
  });

  it("D-19: RFC 8414's answer counts where OpenID's never comes", async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    fetcher.answer(openid, () => new Promise(() => {}));
    expect(has(await loader.load(), 'a')).toBe(true);
  });

  it('D-20: the wrong issuer in both documents is a failure, and no jwks_uri of theirs is fetched', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer: 'https://evil.example', jwks_uri: keysA });
    fetcher.answer(openid, { issuer: `${issuer}/`, jwks_uri: keysB });
    expect((await failureOf(loader.load())).message).toContain('issuer: not the one that was asked for');
    expect(fetcher.asked).toEqual([oauth, openid]);
  });

  it('[RS-8414-2-b] D-21: metadata of an https issuer cannot send us to plain http', async () => {
    const { fetcher, loader } = setup();
    for (const url of [oauth, openid]) fetcher.answer(url, { issuer, jwks_uri: 'http://127.0.0.1/jwks' });
    expect((await failureOf(loader.load())).message).toContain('not https');
    expect(fetcher.asked).toEqual([oauth, openid]);
  });

  it('keys are fetched from allowed hosts only', async () => {
    const hosts = ['as.example', 'other.example'];
    const { fetcher, loader } = setup({ hosts });
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect((await failureOf(loader.load())).message).toContain('not among the allowed hosts');
    expect(fetcher.count(keysA)).toBe(0);
    const allowed = setup({ hosts: [...hosts, 'keys.example'] });
    allowed.fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect(has(await allowed.loader.load(), 'a')).toBe(true);
  });

  it('a failure of both says why for both, and nothing of what was answered', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, html);
    fetcher.answer(openid, html);
    const { message } = await failureOf(loader.load());
    expect(message).toContain(oauth);
    expect(message).toContain(openid);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ["RFC 8414's", oauth, openid],
    ["OpenID's", openid, oauth],
  ])('D-08: the Retry-After of an overloaded issuer is handed on from %s document', async (_, overloaded, absent) => {
    const { fetcher, loader } = setup();
    fetcher.answer(overloaded, new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 60 }));
    fetcher.answer(absent, new NetworkError('bad_status', 'answered 404'));
    expect((await failureOf(loader.load())).retryAfterSeconds).toBe(60);
  });
});

describe('loading', () => {
  it('D-16: hands on the document, and how long that one says it is fresh: not the metadata', async () => {
    const { fetcher, loader } = setup();
    const set = { keys: [makeJwk('P-256', { kid: 'a' })], extra: 'kept' };
    fetcher.answer(oauth, { issuer, jwks_uri: keysA }, 7);
    fetcher.answer(keysA, set, 90);
    const { jwks, freshSeconds } = await loader.load();
    expect([JSON.parse(JSON.stringify(jwks)), freshSeconds]).toEqual([JSON.parse(JSON.stringify(set)), 90]);
    fetcher.answer(keysA, set);
    expect((await loader.load()).freshSeconds).toBeUndefined();
  });

  it('with a configured jwks_uri asks for nothing else', async () => {
    const { fetcher, loader } = setup({ jwksUri: keysA });
    expect(has(await loader.load(), 'a')).toBe(true);
    expect(fetcher.asked).toEqual([keysA]);
  });

  it('[RS-8414-2-d] again follows a jwks_uri that has moved', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect(has(await loader.load(), 'a')).toBe(true);
    fetcher.answer(oauth, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
    expect(fetcher.asked).toEqual([oauth, openid, keysA, oauth, openid, keysB]);
  });

  it.each<[string, unknown]>([
    ['HTML', html],
    ['a list', []],
    ['no keys', {}],
    ['keys that are no list', { keys: {} }],
    ['more than 1000 keys', { keys: Array.from({ length: 1001 }, () => ({})) }],
    ['truncated JSON', () => Buffer.from('{"keys":[')],
  ])('[RS-7517-5-a] %s is no key set', async (_, answer) => {
    const { fetcher, loader } = setup({ jwksUri: keysA });
    fetcher.answer(keysA, answer);
    expect((await failureOf(loader.load())).message).toMatch(/^https:\/\/keys\.example\/a: /);
  });
});
