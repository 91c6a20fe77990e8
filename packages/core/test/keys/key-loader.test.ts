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

describe('discovery of the key set (D-19)', () => {
  it('both metadata documents are requested in parallel (D-19)', async () => {
    const { fetcher, loader } = setup();
    const preferred = deferred<Uint8Array>();
    fetcher.answer(oauth, () => preferred.promise);
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    const loading = loader.load();
    expect(fetcher.requested).toEqual([oauth, openid]);
    preferred.resolve(json({ issuer, jwks_uri: keysA }));
    expect(has(await loading, 'a')).toBe(true);
  });

  it('the RFC 8414 metadata is preferred, and a failure of the OpenID metadata is ignored (D-19)', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    fetcher.answer(openid, new NetworkError('unreachable', 'down'));
    expect(has(await loader.load(), 'a')).toBe(true);
    expect(fetcher.count(keysB)).toBe(0);
  });

  it.each<[string, unknown]>([
    ['answers with 404', new NetworkError('bad_status', 'answered 404')],
    ['is an HTML page', html],
    ['is a list', [{ issuer, jwks_uri: keysA }]],
    ['names another issuer', { issuer: 'https://as.example', jwks_uri: keysA }],
    ['has no jwks_uri', { issuer }],
    ['contains issuer twice', () => Buffer.from(`{"issuer":"x","issuer":"${issuer}","jwks_uri":"${keysA}"}`)],
  ])('the OpenID metadata is used where the RFC 8414 metadata %s (D-19)', async (_, answer) => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, answer);
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
    expect(fetcher.count(keysA)).toBe(0);
  });

  it('the OpenID metadata is used where the RFC 8414 request hangs (D-19)', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, () => new Promise(() => {}));
    fetcher.answer(openid, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
  });

  it('the RFC 8414 metadata is used where the OpenID request hangs (D-19)', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    fetcher.answer(openid, () => new Promise(() => {}));
    expect(has(await loader.load(), 'a')).toBe(true);
  });

  it('metadata that names another issuer is refused, and its jwks_uri is not fetched (D-20)', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer: 'https://evil.example', jwks_uri: keysA });
    fetcher.answer(openid, { issuer: `${issuer}/`, jwks_uri: keysB });
    expect((await failureOf(loader.load())).message).toContain('issuer: not the expected issuer');
    expect(fetcher.requested).toEqual([oauth, openid]);
  });

  it('metadata of an https issuer with a plain-http jwks_uri is refused (D-21) [RS-8414-2-b]', async () => {
    const { fetcher, loader } = setup();
    for (const url of [oauth, openid]) fetcher.answer(url, { issuer, jwks_uri: 'http://127.0.0.1/jwks' });
    expect((await failureOf(loader.load())).message).toContain('not https');
    expect(fetcher.requested).toEqual([oauth, openid]);
  });

  it('the key set is fetched from allowed hosts only', async () => {
    const hosts = ['as.example', 'other.example'];
    const { fetcher, loader } = setup({ hosts });
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect((await failureOf(loader.load())).message).toContain('not among the allowed hosts');
    expect(fetcher.count(keysA)).toBe(0);
    const allowed = setup({ hosts: [...hosts, 'keys.example'] });
    allowed.fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect(has(await allowed.loader.load(), 'a')).toBe(true);
  });

  it('a failed discovery names the errors of both documents and quotes no response body', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, html);
    fetcher.answer(openid, html);
    const { message } = await failureOf(loader.load());
    expect(message).toContain(oauth);
    expect(message).toContain(openid);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['the RFC 8414', oauth, openid],
    ['the OpenID', openid, oauth],
  ])('a failed discovery carries the Retry-After of %s metadata response (D-08)', async (_, overloaded, absent) => {
    const { fetcher, loader } = setup();
    fetcher.answer(overloaded, new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 60 }));
    fetcher.answer(absent, new NetworkError('bad_status', 'answered 404'));
    expect((await failureOf(loader.load())).retryAfterSeconds).toBe(60);
  });
});

describe('loading of a key set', () => {
  it('the loader returns the JWK set and its own max-age, not that of the metadata (D-16)', async () => {
    const { fetcher, loader } = setup();
    const set = { keys: [makeJwk('P-256', { kid: 'a' })], extra: 'kept' };
    fetcher.answer(oauth, { issuer, jwks_uri: keysA }, 7);
    fetcher.answer(keysA, set, 90);
    const { jwks, freshSeconds } = await loader.load();
    expect([JSON.parse(JSON.stringify(jwks)), freshSeconds]).toEqual([JSON.parse(JSON.stringify(set)), 90]);
    fetcher.answer(keysA, set);
    expect((await loader.load()).freshSeconds).toBeUndefined();
  });

  it('with a configured jwks_uri only the key set is requested', async () => {
    const { fetcher, loader } = setup({ jwksUri: keysA });
    expect(has(await loader.load(), 'a')).toBe(true);
    expect(fetcher.requested).toEqual([keysA]);
  });

  it('each load runs discovery again, and so follows a jwks_uri that has moved [RS-8414-2-d]', async () => {
    const { fetcher, loader } = setup();
    fetcher.answer(oauth, { issuer, jwks_uri: keysA });
    expect(has(await loader.load(), 'a')).toBe(true);
    fetcher.answer(oauth, { issuer, jwks_uri: keysB });
    expect(has(await loader.load(), 'b')).toBe(true);
    expect(fetcher.requested).toEqual([oauth, openid, keysA, oauth, openid, keysB]);
  });

  it.each<[string, unknown]>([
    ['HTML', html],
    ['a list', []],
    ['an object without keys', {}],
    ['keys that are not a list', { keys: {} }],
    ['more than 1000 keys', { keys: Array.from({ length: 1001 }, () => ({})) }],
    ['truncated JSON', () => Buffer.from('{"keys":[')],
  ])('a key set response of %s is refused [RS-7517-5-a]', async (_, answer) => {
    const { fetcher, loader } = setup({ jwksUri: keysA });
    fetcher.answer(keysA, answer);
    expect((await failureOf(loader.load())).message).toMatch(/^https:\/\/keys\.example\/a: /);
  });
});
