import type { Form } from '../http/form.js';

/** An authorization request that waits for its user. */
export interface PushedRequest {
  readonly clientId: string;
  readonly form: Form;
  /** The key of the proof that came with it (RFC 9449 section 10.1). */
  readonly dpopJkt: string | undefined;
  readonly expiresAtSeconds: number;
}

/** Pushed authorization requests (RFC 9126) by their `request_uri`. */
export class PushedRequestStore {
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
}
