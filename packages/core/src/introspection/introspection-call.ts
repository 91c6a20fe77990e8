import { Malformed } from '../jws/malformed.js';
import type { Clock } from '../model/clock.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { type DocumentRequest, type Fetcher, NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { bare } from '../objects/bare.js';
import { credentialsRefused } from './circuit-breaker.js';
import { authenticate, type ClientAuthentication } from './client-authentication.js';
import type { EndpointSource } from './endpoint-source.js';
import { type IntrospectionAnswer, readAnswer } from './read-answer.js';
import { readSignedAnswer, type SignedAnswerSettings } from './read-signed-answer.js';

/** Settings of the calls to one introspection endpoint. */
export interface CallSettings {
  readonly issuer: string;
  readonly client: ClientAuthentication;
  readonly terms: FetchTerms;
  /** How signed answers are validated (RFC 9701); `undefined` if answers are not signed. */
  readonly signedAnswer: SignedAnswerSettings | undefined;
  readonly clock: Clock;
}

/**
 * Calls an introspection endpoint and reads its answer.
 *
 * @see RFC 7662 section 2
 */
export class IntrospectionCall {
  readonly #settings: CallSettings;
  readonly #endpoint: EndpointSource;
  readonly #fetcher: Fetcher;

  constructor(settings: CallSettings, endpoint: EndpointSource, fetcher: Fetcher) {
    this.#settings = settings;
    this.#endpoint = endpoint;
    this.#fetcher = fetcher;
  }

  /**
   * Statuses which mean, if every token gets them, that the endpoint refuses our credentials. 400
   * is one of them if answers are signed (RFC 9701 section 5).
   */
  get credentialStatuses(): readonly number[] {
    return this.#settings.signedAnswer === undefined ? [403] : [400, 403];
  }

  /** @throws {NetworkError} when the call fails or its answer is malformed */
  async send(token: string): Promise<IntrospectionAnswer> {
    const { terms, signedAnswer } = this.#settings;
    const url = await this.#endpoint.find();
    const request = await this.#request(token);
    const document = await this.#fetcher.fetchDocument(url, terms, request).catch((failure: unknown) => {
      throw failure instanceof NetworkError && failure.status === 401 ? credentialsRefused(failure) : failure;
    });
    const answer =
      signedAnswer === undefined
        ? readAnswer(document.octets)
        : await readSignedAnswer(document, signedAnswer, this.#settings.clock.now() / 1000);
    if (answer instanceof Malformed) throw new NetworkError('bad_document', `${shortUrl(url)}: ${answer.reason}`);
    return answer;
  }

  async #request(token: string): Promise<DocumentRequest> {
    const { client, issuer, clock, signedAnswer } = this.#settings;
    const { parameters, ...credentials } = await authenticate(client, issuer, clock.now());
    const form = new URLSearchParams({ token, token_type_hint: 'access_token', ...parameters }).toString();
    return bare({
      accept: signedAnswer === undefined ? 'application/json' : 'application/token-introspection+jwt',
      form,
      ...credentials,
      // A client assertion is valid for one request only.
      renew: () => this.#request(token),
    });
  }
}
