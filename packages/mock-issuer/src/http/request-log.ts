import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Form, FormRecord } from './form.js';

/** What requests are counted under. `discovery` holds those of both well-known documents together. */
export type Endpoint =
  | 'discovery'
  | 'oauth-authorization-server'
  | 'openid-configuration'
  | 'jwks'
  | 'authorization'
  | 'interaction'
  | 'par'
  | 'device_authorization'
  | 'device'
  | 'token'
  | 'introspection'
  | 'revocation'
  | 'statusList'
  | 'decoy';

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** The request target, query included. */
  readonly url: string;
  /** Header fields by lower-case name, as node:http joins them. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /**
   * The parameters of the body, secrets and tokens among them, or of the address of an authorization request; an array where a name came
   * again. Only where a form was sent.
   */
  readonly form?: FormRecord;
}

/** What the issuer was asked. Requests count when they arrive, whatever their method and however they are answered. */
export interface Requests {
  /** How many arrived since the start or the last reset. @throws TypeError for an unknown endpoint. */
  count(endpoint: Endpoint): number;
  /** The latest one, if any. @throws TypeError for an unknown endpoint. */
  last(endpoint: Endpoint): RecordedRequest | undefined;
  /** Forgets all of them. */
  reset(): void;
}

const endpoints: readonly Endpoint[] = [
  'discovery',
  'oauth-authorization-server',
  'openid-configuration',
  'jwks',
  'authorization',
  'interaction',
  'par',
  'device_authorization',
  'device',
  'token',
  'introspection',
  'revocation',
  'statusList',
  'decoy',
];

function assertEndpoint(method: string, endpoint: Endpoint): void {
  if (!endpoints.includes(endpoint)) {
    throw new TypeError(`requests.${method}: the endpoint must be one of ${endpoints.join(', ')}`);
  }
}

/** Counts requests and keeps the latest of each endpoint. */
export class RequestLog implements Requests {
  readonly #counts = new Map<Endpoint, number>();
  readonly #latest = new Map<Endpoint, RecordedRequest>();

  count(endpoint: Endpoint): number {
    assertEndpoint('count', endpoint);
    return this.#counts.get(endpoint) ?? 0;
  }

  last(endpoint: Endpoint): RecordedRequest | undefined {
    assertEndpoint('last', endpoint);
    return this.#latest.get(endpoint);
  }

  reset(): void {
    this.#counts.clear();
    this.#latest.clear();
  }

  /** Writes one request down under each of the names given. What is returned adds its form, when that has been read. */
  record(names: readonly Endpoint[], { method = '', url = '', headers }: IncomingMessage): (form: Form) => void {
    const recorded = Object.freeze({ method, url, headers: Object.freeze({ ...headers }) });
    for (const name of names) {
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      this.#latest.set(name, recorded);
    }
    return (form) => {
      const complete = Object.freeze({ ...recorded, form: form.toRecord() });
      for (const name of names) {
        if (this.#latest.get(name) === recorded) this.#latest.set(name, complete);
      }
    };
  }
}
