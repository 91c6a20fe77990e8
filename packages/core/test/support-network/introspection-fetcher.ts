import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { DocumentRequest, FetchedDocument, Fetcher } from '../../src/model/ports.js';
import { type Deferred, deferred, json } from './scripted-fetcher.js';

/** One question to the network, which the test answers. */
export interface Question extends Deferred<FetchedDocument> {
  readonly url: string;
  readonly terms: FetchTerms;
  readonly request: DocumentRequest | undefined;
  /** What was in its form. */
  readonly form: Readonly<Record<string, string>>;
  /** Answers with this as JSON; an error is a failure. */
  say(answer: unknown): void;
}

/** A door that keeps every question until the test answers it, or answers at once where there is a script. */
export class IntrospectionFetcher implements Fetcher {
  readonly questions: Question[] = [];
  /** What is said to each question from now on; see {@link Question.say}. */
  script: ((question: Question) => unknown) | undefined;

  fetchDocument(url: URL, terms: FetchTerms, request?: DocumentRequest): Promise<FetchedDocument> {
    const answer = deferred<FetchedDocument>();
    const question: Question = {
      ...answer,
      url: url.href,
      terms,
      request,
      form: Object.fromEntries(new URLSearchParams(request?.form)),
      say: (value) => (value instanceof Error ? answer.reject(value) : answer.resolve(documentOf(json(value)))),
    };
    this.questions.push(question);
    if (this.script !== undefined) question.say(this.script(question));
    return answer.promise;
  }

  /** The questions in the order in which they were asked, from 0. */
  question(at: number): Question {
    const found = this.questions[at];
    if (found === undefined) throw new Error(`${this.questions.length} questions were asked`);
    return found;
  }

  close(): void {}
}

export function documentOf(octets: Uint8Array | string, contentType?: string): FetchedDocument {
  return { octets: typeof octets === 'string' ? Buffer.from(octets) : octets, contentType, freshSeconds: undefined };
}
