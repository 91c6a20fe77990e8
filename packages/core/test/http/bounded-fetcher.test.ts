import { describe, expect, it, vi } from 'vitest';
import { BoundedFetcher, type Transport } from '../../src/http/bounded-fetcher.js';
import { type FetchedDocument, NetworkError } from '../../src/model/ports.js';
import { failureOf } from '../support-network/network-failure.js';
import { deferred } from '../support-network/scripted-fetcher.js';

const url = new URL('https://keys.example/jwks?tenant=1');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const document: FetchedDocument = { octets: Buffer.from('{}'), freshSeconds: undefined };

/** A transport that does what it is told, and writes down what it was asked. */
function transportOf(send: Transport['send']): Transport & { readonly signals: AbortSignal[]; closed: number } {
  const signals: AbortSignal[] = [];
  return {
    signals,
    closed: 0,
    send(...asked) {
      signals.push(asked[2]);
      return send(...asked);
    },
    close() {
      this.closed += 1;
    },
  };
}

const hanging = () => transportOf(() => new Promise(() => {}));

describe('D-21: the fetcher, whatever carries it', () => {
  it('hands on the document as it is', async () => {
    const fetcher = new BoundedFetcher(
      transportOf(async () => document),
      60_000,
    );
    expect(await fetcher.fetchDocument(url, terms)).toBe(document);
  });

  it('asks nobody where the terms do not permit it', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    const plain = new URL('http://keys.example/');
    expect((await failureOf(fetcher.fetchDocument(plain, terms))).code).toBe('not_permitted');
    expect(transport.signals).toHaveLength(0);
    await fetcher.fetchDocument(url, terms);
    expect(transport.signals).toHaveLength(1);
  });

  it('ends what does not listen, when the time is up', async () => {
    const transport = hanging();
    const failure = await failureOf(new BoundedFetcher(transport, 10).fetchDocument(url, terms));
    expect([failure.code, failure.message]).toEqual(['timeout', 'https://keys.example/jwks: no answer in time']);
    expect(transport.signals[0]?.aborted).toBe(true);
  });

  it('says that it was late, whatever is thrown once it has been ended', async () => {
    const transport = transportOf(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new NetworkError('bad_document', 'half a document')));
        }),
    );
    expect((await failureOf(new BoundedFetcher(transport, 10).fetchDocument(url, terms))).code).toBe('timeout');
  });

  it('leaves a late answer alone, and its late failure is nobody’s unhandled rejection', async () => {
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

  it('gives no signal to what has ended in time', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    await fetcher.fetchDocument(url, terms);
    fetcher.close();
    expect(transport.signals[0]?.aborted).toBe(false);
  });

  it('leaves no timer behind, so that a process can end', async () => {
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

describe('a failure of the transport', () => {
  it.each<[string, unknown, string, string]>([
    [
      'one of ours',
      new NetworkError('bad_status', 'answered 500', { retryAfterSeconds: 7 }),
      'bad_status',
      'answered 500',
    ],
    ['one with a code', Object.assign(new Error('s3cret'), { code: 'ECONNRESET' }), 'unreachable', 'ECONNRESET'],
    ['one with a name', new TypeError('s3cret'), 'unreachable', 'TypeError'],
    ['no error at all', 's3cret', 'unreachable', 'failed'],
    ['nothing', undefined, 'unreachable', 'failed'],
  ])('that is %s is told by its code and the address, and by nothing it quotes', async (_, cause, code, words) => {
    const fetcher = new BoundedFetcher(
      transportOf(() => Promise.reject(cause)),
      60_000,
    );
    const failure = await failureOf(fetcher.fetchDocument(url, terms));
    expect([failure.code, failure.message]).toEqual([code, `https://keys.example/jwks: ${words}`]);
    // Foreign ones may hold what was sent, or what came back.
    expect(failure.cause).toBe(cause instanceof NetworkError ? cause : undefined);
    expect(failure.retryAfterSeconds).toBe(cause instanceof NetworkError ? 7 : undefined);
  });
});

describe('close', () => {
  it('ends everything that is under way, and closes the transport', async () => {
    const transport = hanging();
    const fetcher = new BoundedFetcher(transport, 60_000);
    const asked = [url, url, url].map((one) => failureOf(fetcher.fetchDocument(one, terms)));
    fetcher.close();
    expect((await Promise.all(asked)).map(({ code }) => code)).toEqual(['closed', 'closed', 'closed']);
    expect([transport.closed, transport.signals.every(({ aborted }) => aborted)]).toEqual([1, true]);
  });

  it('refuses what comes later, without asking', async () => {
    const transport = transportOf(async () => document);
    const fetcher = new BoundedFetcher(transport, 60_000);
    fetcher.close();
    expect((await failureOf(fetcher.fetchDocument(url, terms))).code).toBe('closed');
    expect(transport.signals).toHaveLength(0);
  });
});
