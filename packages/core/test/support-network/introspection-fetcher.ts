import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { DocumentRequest, FetchedDocument, Fetcher } from '../../src/model/ports.js';
import { type Deferred, deferred, json } from './scripted-fetcher.js';

/** One introspection request, which the test answers. */
export interface PendingRequest extends Deferred<FetchedDocument> {
  readonly url: string;
  readonly terms: FetchTerms;
  readonly request: DocumentRequest | undefined;
  /** The members of its form body. */
  readonly form: Readonly<Record<string, string>>;
  /** Answers with this value as JSON. An Error makes the request fail. */
  answer(value: unknown): void;
}

/**
 * An HTTP client that keeps every request until the test answers it. With a script it answers at
 * once.
 */
export class IntrospectionFetcher implements Fetcher {
  readonly requests: PendingRequest[] = [];
  /** Returns the answer to each request from now on; see {@link PendingRequest.answer}. */
  script: ((pending: PendingRequest) => unknown) | undefined;

  fetchDocument(url: URL, terms: FetchTerms, request?: DocumentRequest): Promise<FetchedDocument> {
    const outcome = deferred<FetchedDocument>();
    const pending: PendingRequest = {
      ...outcome,
      url: url.href,
      terms,
      request,
      form: Object.fromEntries(new URLSearchParams(request?.form)),
      answer: (value) => (value instanceof Error ? outcome.reject(value) : outcome.resolve(documentOf(json(value)))),
    };
    this.requests.push(pending);
    if (this.script !== undefined) pending.answer(this.script(pending));
    return outcome.promise;
  }

  /** The request with this index, from 0, in the order in which they were sent. */
  requestAt(at: number): PendingRequest {
    const found = this.requests[at];
    if (found === undefined) throw new Error(`${this.requests.length} requests were sent`);
    return found;
  }

  close(): void {}
}

export function documentOf(octets: Uint8Array | string, contentType?: string): FetchedDocument {
  return { octets: typeof octets === 'string' ? Buffer.from(octets) : octets, contentType, freshSeconds: undefined };
}
