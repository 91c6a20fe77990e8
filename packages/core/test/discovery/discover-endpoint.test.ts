import { afterEach, describe, expect, it, vi } from 'vitest';
import { discoverEndpoint, readEndpoint } from '../../src/discovery/discover-endpoint.js';
import { NetworkError } from '../../src/model/ports.js';
import { jsonObject } from '../support/json-object.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred, json, ScriptedFetcher } from '../support-network/scripted-fetcher.js';

afterEach(() => {
  vi.useRealTimers();
});

const issuer = 'https://issuer.example';
const oauth = `${issuer}/.well-known/oauth-authorization-server`;
const openid = `${issuer}/.well-known/openid-configuration`;
const member = 'introspection_endpoint';
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const naming = (path: string) => ({ issuer, [member]: `${issuer}/${path}` });

function discovering(first: unknown, second: unknown) {
  const fetcher = new ScriptedFetcher();
  fetcher.answer(oauth, first);
  fetcher.answer(openid, second);
  return { fetcher, found: discoverEndpoint({ issuer, member, terms }, fetcher) };
}

describe('discovery of an endpoint in both metadata documents (D-19)', () => {
  it('the RFC 8414 metadata is preferred for an endpoint (D-19)', async () => {
    const { fetcher, found } = discovering(naming('one'), naming('two'));
    expect((await found).href).toBe(`${issuer}/one`);
    expect(fetcher.requested).toEqual([oauth, openid]);
  });

  it.each([
    ['is missing', new NetworkError('bad_status', 'answered 404')],
    ['names another issuer', { ...naming('one'), issuer: 'https://other.example' }],
    ['does not contain it', { issuer }],
  ])('the OpenID metadata is used for an endpoint where the RFC 8414 metadata %s (D-19)', async (_, first) => {
    expect((await discovering(first, naming('two')).found).href).toBe(`${issuer}/two`);
  });

  it('beside valid OpenID metadata the RFC 8414 response is used within half a second (D-19)', async () => {
    vi.useFakeTimers();
    const late = deferred<Uint8Array>();
    const { found } = discovering(() => late.promise, naming('two'));
    await vi.advanceTimersByTimeAsync(499);
    late.resolve(json(naming('one')));
    expect((await found).href).toBe(`${issuer}/one`);
  });

  it('beside valid OpenID metadata the RFC 8414 response is ignored after half a second (D-19)', async () => {
    vi.useFakeTimers();
    const late = deferred<Uint8Array>();
    const { found } = discovering(() => late.promise, naming('two'));
    await vi.advanceTimersByTimeAsync(500);
    late.resolve(json(naming('one')));
    expect((await found).href).toBe(`${issuer}/two`);
  });

  it('a failed discovery carries every reason, the most specific code and the longest Retry-After', async () => {
    const failure = await failureOf(
      discovering(
        new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 7, status: 503 }),
        new NetworkError('unreachable', 'ECONNREFUSED', { retryAfterSeconds: 3 }),
      ).found,
    );
    expect(failure).toMatchObject({ code: 'bad_status', retryAfterSeconds: 7, status: undefined });
    expect(failure.message).toBe('answered 503; ECONNREFUSED');
  });

  it('an endpoint in the metadata of another issuer is not used (D-20)', async () => {
    const wrong = { ...naming('one'), issuer: 'https://other.example' };
    const failure = await failureOf(discovering(wrong, new NetworkError('bad_status', 'answered 404')).found);
    expect(failure.code).toBe('wrong_issuer');
  });
});

describe('reading an endpoint from a metadata document', () => {
  function read(metadata: Readonly<Record<string, unknown>>, prefersMutualTls = false): string {
    const found = readEndpoint(jsonObject({ issuer, ...metadata }), { issuer, member, prefersMutualTls });
    return found instanceof URL ? found.href : `${found.code}: ${found.message}`;
  }

  it.each([
    [true, issuer, 1],
    [true, 'https://other.example', 0],
    ['true', issuer, 0],
    [1, issuer, 0],
    [undefined, issuer, 0],
  ])('a mock_issuer of %j in the metadata of %s is reported %d times (D-30)', (mark, named, times) => {
    const onMock = vi.fn();
    readEndpoint(jsonObject({ ...naming('one'), issuer: named, mock_issuer: mark }), { issuer, member, onMock });
    expect(onMock).toHaveBeenCalledTimes(times);
  });

  const aliases = { mtls_endpoint_aliases: { [member]: `${issuer}/mtls` } };

  it('the mTLS alias is used with a client certificate and only then (RFC 8705 section 5)', () => {
    expect(read({ ...naming('one'), ...aliases }, true)).toBe(`${issuer}/mtls`);
    expect(read({ ...naming('one'), ...aliases }, false)).toBe(`${issuer}/one`);
  });

  it.each([
    ['are absent', {}],
    ['are for other endpoints', { mtls_endpoint_aliases: { token_endpoint: `${issuer}/mtls` } }],
    ['are a string', { mtls_endpoint_aliases: `${issuer}/mtls` }],
    ['are a list', { mtls_endpoint_aliases: [`${issuer}/mtls`] }],
    ['are null', { mtls_endpoint_aliases: null }],
  ])('the plain endpoint is used where the mTLS aliases %s (RFC 8705 section 5)', (_, metadata) => {
    expect(read({ ...naming('one'), ...metadata }, true)).toBe(`${issuer}/one`);
  });

  it('an mTLS alias that is not a URL is an error, not a reason to use the plain endpoint', () => {
    const broken = { mtls_endpoint_aliases: { [member]: 'nowhere' } };
    expect(read({ ...naming('one'), ...broken }, true)).toBe(`bad_document: ${member}: no URL`);
  });

  it.each([undefined, null, 1, '', '/introspect', 'introspect', [`${issuer}/one`], { url: `${issuer}/one` }])(
    'an endpoint must be an absolute URL, not %j',
    (location) => {
      expect(read({ [member]: location })).toBe(`bad_document: ${member}: no URL`);
    },
  );

  it.each([undefined, `${issuer}/`, 'https://ISSUER.example', null, [issuer]])(
    'an endpoint in the metadata of the issuer %j is refused (D-20)',
    (other) => {
      expect(read({ ...naming('one'), issuer: other })).toMatch(/^wrong_issuer: /);
      expect(read(naming('one'))).toBe(`${issuer}/one`);
    },
  );
});
