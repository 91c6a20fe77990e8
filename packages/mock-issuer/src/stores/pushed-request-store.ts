import { Form } from '../http/form.js';
import type { Store } from '../state/persistent.js';
import { anyText, optional, type Read, refill, shape, text, whole } from '../state/read.js';

/** An authorization request that waits for its user. */
export interface PushedRequest {
  readonly clientId: string;
  readonly form: Form;
  /** The key of the proof that came with it (RFC 9449 section 10.1). */
  readonly dpopJkt: string | undefined;
  readonly expiresAtSeconds: number;
}

const readForm: Read<Form> = (value, at) => new Form(anyText(value, at));
const readRequest: Read<PushedRequest> = shape<PushedRequest>({
  clientId: text,
  form: readForm,
  dpopJkt: optional(text),
  expiresAtSeconds: whole,
});

/** Pushed authorization requests (RFC 9126) by their `request_uri`. */
export class PushedRequestStore implements Store {
  readonly #requests = new Map<string, PushedRequest>();

  put(requestUri: string, request: PushedRequest): void {
    this.#requests.set(requestUri, request);
  }

  find(requestUri: string): PushedRequest | undefined {
    return this.#requests.get(requestUri);
  }

  /** It has been used (RFC 9126 section 4). */
  remove(requestUri: string): void {
    this.#requests.delete(requestUri);
  }

  /** Nothing was ever pushed. */
  clear(): void {
    this.#requests.clear();
  }

  snapshot(): unknown {
    return Array.from(this.#requests, ([uri, request]) => [uri, { ...request, form: request.form.toString() }]);
  }

  restore(data: unknown): void {
    refill(this.#requests, data, readRequest);
  }
}
