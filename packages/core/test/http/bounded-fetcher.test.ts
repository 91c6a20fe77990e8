import { describe, expect, it, vi } from 'vitest';
import { BoundedFetcher, type Transport } from '../../src/http/bounded-fetcher.js';
import { type FetchedDocument, NetworkError } from '../../src/model/ports.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred } from '../support-network/scripted-fetcher.js';

const url = new URL('https://keys.example/jwks?tenant=1');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const document: FetchedDocument = { octets: Buffer.from('{}'), freshSeconds: undefined };

/** A transport that runs this function and records the signal of each request. */
function transportOf(send: Transport['send']): Transport & { readonly signals: AbortSignal[]; closed: number } {
  const signals: AbortSignal[] = [];
  return {
    signals,
    closed: 0,
    send(...args) {
      signals.push(args[2]);
      return send(...args);
    },
    close() {
      this.closed += 1;
    },
  };
}

const hanging = () => transportOf(() => new Promise(() => {}));

describe('limits of the fetcher (D-21)', () => {
  it('the fetcher returns the document of the transport unchanged', async () => {
    const fetcher = new BoundedFetcher(
      transportOf(async () => document),
      60_000,
    );
    expect(await fetcher.fetchDocument(url, terms)).toBe(document);
  });

  it('the fetcher sends no request that its terms do not permit', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    const plain = new URL('http://keys.example/');
    expect((await failureOf(fetcher.fetchDocument(plain, terms))).code).toBe('not_permitted');
    expect(transport.signals).toHaveLength(0);
    await fetcher.fetchDocument(url, terms);
    expect(transport.signals).toHaveLength(1);
  });

  it('a transport that ignores its signal ends with a timeout', async () => {
    const transport = hanging();
    const failure = await failureOf(new BoundedFetcher(transport, 10).fetchDocument(url, terms));
    expect([failure.code, failure.message]).toEqual(['timeout', 'https://keys.example/jwks: no answer in time']);
    expect(transport.signals[0]?.aborted).toBe(true);
  });

  it('after a timeout every error of the transport is reported as a timeout', async () => {
    const transport = transportOf(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new NetworkError('bad_document', 'half a document')));
        }),
    );
    expect((await failureOf(new BoundedFetcher(transport, 10).fetchDocument(url, terms))).code).toBe('timeout');
  });

  it('a response or failure after the timeout is ignored and causes no unhandled rejection', async () => {
    const late = deferred<FetchedDocument>();
    const failure = await failureOf(
      new BoundedFetcher(
        transportOf(() => late.promise),
        10,
      ).fetchDocument(url, terms),
    );
    expect(failure.code).toBe('timeout');
    late.reject(new Error('later'));
    await expect(late.promise).rejects.toThrow('later');
  });

  it('the signal of a request that ended in time is not aborted by close()', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    await fetcher.fetchDocument(url, terms);
    fetcher.close();
    expect(transport.signals[0]?.aborted).toBe(false);
  });

  it('the fetcher leaves no timer running, so that the process can end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = deferred<FetchedDocument>();
    const fetching = new BoundedFetcher(
      transportOf(() => answer.promise),
      60_000,
    ).fetchDocument(url, terms);
    expect(vi.getTimerCount()).toBe(1);
    answer.resolve(document);
    await fetching;
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});

describe('failure of the transport', () => {
  it.each<[string, unknown, string, string]>([
    [
      'a NetworkError',
      new NetworkError('bad_status', 'answered 500', { retryAfterSeconds: 7 }),
      'bad_status',
      'answered 500',
    ],
    ['an error with a code', Object.assign(new Error('s3cret'), { code: 'ECONNRESET' }), 'unreachable', 'ECONNRESET'],
    ['an error with a name', new TypeError('s3cret'), 'unreachable', 'TypeError'],
    ['a string instead of an error', 's3cret', 'unreachable', 'failed'],
    ['undefined', undefined, 'unreachable', 'failed'],
  ])(
    'an error of the transport is reported by its code and URL, without a quotation: %s',
    async (_, cause, code, words) => {
      const fetcher = new BoundedFetcher(
        transportOf(() => Promise.reject(cause)),
        60_000,
      );
      const failure = await failureOf(fetcher.fetchDocument(url, terms));
      expect([failure.code, failure.message]).toEqual([code, `https://keys.example/jwks: ${words}`]);
      // The message of a foreign error may contain parts of the request or of the response.
      expect(failure.cause).toBe(cause instanceof NetworkError ? cause : undefined);
      expect(failure.retryAfterSeconds).toBe(cause instanceof NetworkError ? 7 : undefined);
    },
  );
});

describe('close() of the fetcher', () => {
  it('close() ends every request in flight and closes the transport', async () => {
    const transport = hanging();
    const fetcher = new BoundedFetcher(transport, 60_000);
    const failures = [url, url, url].map((one) => failureOf(fetcher.fetchDocument(one, terms)));
    fetcher.close();
    expect((await Promise.all(failures)).map(({ code }) => code)).toEqual(['closed', 'closed', 'closed']);
    expect([transport.closed, transport.signals.every(({ aborted }) => aborted)]).toEqual([1, true]);
  });

  it('a request after close() is refused without a call of the transport', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    fetcher.close();
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('closed');
    expect(transport.signals).toHaveLength(0);
  });
});
