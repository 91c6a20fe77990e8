import { assertPermitted } from '../../src/http/permitted-url.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { type DocumentRequest, type FetchedDocument, type Fetcher, NetworkError } from '../../src/model/ports.js';

/** A promise that the test settles. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(failure: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}

/** Octets of a JSON document. */
export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

type Answer = (request?: DocumentRequest) => Uint8Array | Promise<Uint8Array>;

/**
 * An HTTP client without a network: answers come from a table, and requests are recorded. It
 * applies the fetch terms like the real client.
 */
export class ScriptedFetcher implements Fetcher {
  /** Every URL that was requested, in order. */
  readonly requested: string[] = [];
  /** The request parameters, in the same order. */
  readonly requests: (DocumentRequest | undefined)[] = [];
  readonly #answers = new Map<string, { readonly answer: Answer; readonly freshSeconds: number | undefined }>();

  /**
   * @param answer a function is called with the request; an Error is thrown; other values are sent
   * as JSON
   * @param freshSeconds the freshness lifetime that the document states
   */
  answer(url: string, answer: unknown, freshSeconds?: number): void {
    this.#answers.set(url, { answer: toAnswer(answer), freshSeconds });
  }

  count(url: string): number {
    return this.requested.filter((one) => one === url).length;
  }

  async fetchDocument(url: URL, terms: FetchTerms, request?: DocumentRequest): Promise<FetchedDocument> {
    assertPermitted(url, terms);
    this.requested.push(url.href);
    this.requests.push(request);
    const found = this.#answers.get(url.href);
    if (found === undefined) throw new NetworkError('bad_status', `${url.href}: answered 404`);
    return { octets: await found.answer(request), freshSeconds: found.freshSeconds };
  }

  close(): void {}
}

function toAnswer(answer: unknown): Answer {
  if (typeof answer === 'function') return answer as Answer;
  if (answer instanceof Error) return () => Promise.reject(answer);
  return () => json(answer);
}
