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

describe('D-19: an endpoint is looked for in both documents at once', () => {
  it('D-19: RFC 8414 is believed first', async () => {
    const { fetcher, found } = discovering(naming('one'), naming('two'));
    expect((await found).href).toBe(`${issuer}/one`);
    expect(fetcher.asked).toEqual([oauth, openid]);
  });

  it.each([
    ['is not there', new NetworkError('bad_status', 'answered 404')],
    ['is of another issuer', { ...naming('one'), issuer: 'https://other.example' }],
    ['does not name it', { issuer }],
  ])('D-19: where it %s, OpenID is', async (_, first) => {
    expect((await discovering(first, naming('two')).found).href).toBe(`${issuer}/two`);
  });

  it('D-19: it is waited for half a second where the other is there', async () => {
    vi.useFakeTimers();
    const late = deferred<Uint8Array>();
    const { found } = discovering(() => late.promise, naming('two'));
    await vi.advanceTimersByTimeAsync(499);
    late.resolve(json(naming('one')));
    expect((await found).href).toBe(`${issuer}/one`);
  });

  it('D-19: and no longer', async () => {
    vi.useFakeTimers();
    const late = deferred<Uint8Array>();
    const { found } = discovering(() => late.promise, naming('two'));
    await vi.advanceTimersByTimeAsync(500);
    late.resolve(json(naming('one')));
    expect((await found).href).toBe(`${issuer}/two`);
  });

  it('fails with every reason, the code that came nearest and the longest wait', async () => {
    const failure = await failureOf(
      discovering(
        new NetworkError('bad_status', 'answered 503', { retryAfterSeconds: 7, status: 503 }),
        new NetworkError('unreachable', 'ECONNREFUSED', { retryAfterSeconds: 3 }),
      ).found,
    );
    expect(failure).toMatchObject({ code: 'bad_status', retryAfterSeconds: 7, status: undefined });
    expect(failure.message).toBe('answered 503; ECONNREFUSED');
  });

  it('D-20: of a document of another issuer nothing is used', async () => {
    const wrong = { ...naming('one'), issuer: 'https://other.example' };
    const failure = await failureOf(discovering(wrong, new NetworkError('bad_status', 'answered 404')).found);
    expect(failure.code).toBe('wrong_issuer');
  });
});

describe('an endpoint in a metadata document', () => {
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
  ])('D-30: mock_issuer: %j in a document of %s is told %d times', (mark, whose, times) => {
    const onMock = vi.fn();
    readEndpoint(jsonObject({ ...naming('one'), issuer: whose, mock_issuer: mark }), { issuer, member, onMock });
    expect(onMock).toHaveBeenCalledTimes(times);
  });

  const aliases = { mtls_endpoint_aliases: { [member]: `${issuer}/mtls` } };

  it('RFC 8705 section 5: is the alias where we show a certificate, and only there', () => {
    expect(read({ ...naming('one'), ...aliases }, true)).toBe(`${issuer}/mtls`);
    expect(read({ ...naming('one'), ...aliases }, false)).toBe(`${issuer}/one`);
  });

  it.each([
    ['there are none', {}],
    ['they are for other endpoints', { mtls_endpoint_aliases: { token_endpoint: `${issuer}/mtls` } }],
    ['they are no object', { mtls_endpoint_aliases: `${issuer}/mtls` }],
    ['they are a list', { mtls_endpoint_aliases: [`${issuer}/mtls`] }],
    ['they are null', { mtls_endpoint_aliases: null }],
  ])('RFC 8705 section 5: is the plain one where, of aliases, %s', (_, metadata) => {
    expect(read({ ...naming('one'), ...metadata }, true)).toBe(`${issuer}/one`);
  });

  it('is none where the alias is no URL: it does not fall back on what the issuer did not mean', () => {
    const broken = { mtls_endpoint_aliases: { [member]: 'nowhere' } };
    expect(read({ ...naming('one'), ...broken }, true)).toBe(`bad_document: ${member}: no URL`);
  });

  it.each([undefined, null, 1, '', '/introspect', 'introspect', [`${issuer}/one`], { url: `${issuer}/one` }])(
    'is an absolute URL: not %j',
    (location) => {
      expect(read({ [member]: location })).toBe(`bad_document: ${member}: no URL`);
    },
  );

  it.each([undefined, `${issuer}/`, 'https://ISSUER.example', null, [issuer]])(
    'D-20: is none in a document of the issuer %j',
    (other) => {
      expect(read({ ...naming('one'), issuer: other })).toMatch(/^wrong_issuer: /);
      expect(read(naming('one'))).toBe(`${issuer}/one`);
    },
  );
});
