import type { ResourceServerOptions } from '@resource-server/core';
import type { OnDenied } from '@resource-server/core/adapter';

/** A request of the suite. */
export interface WireRequest {
  readonly method?: 'GET' | 'POST' | 'HEAD';
  /** Request target; default `/any`. */
  readonly target?: string;
  /** Header lines in order; a name may be repeated. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: string;
}

/** A response as it was received. */
export interface WireResponse {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: string;
}

/** The running application of the suite. */
export interface Running {
  send(request: WireRequest): Promise<WireResponse>;
  /** How many times a handler ran. */
  readonly handled: () => number;
  close(): Promise<void>;
}

/** An adapter or framework version that runs the suite's application. */
export interface Harness {
  readonly name: string;
  /** Whether requests are sent over a socket, so that a client can disconnect. */
  readonly usesSockets: boolean;
  /** Whether a header line can be sent twice. */
  readonly repeatsHeaders: boolean;
  /** Whether bodies are parsed before `auth()`. */
  readonly parsesForms: boolean;
  start(options: ResourceServerOptions, denied?: Denied): Promise<Running>;
}

/** Makes the middleware in front set headers for another response. */
export const headersInFront = 'x-headers-in-front';

/** The headers that this middleware sets; a refusal must drop all of them. */
export const foreignHeaders: Readonly<Record<string, string>> = {
  'Content-Length': '5',
  'Content-Encoding': 'gzip',
  'Content-Language': 'de',
  ETag: '"x"',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  'CDN-Cache-Control': 'max-age=3600',
};

/**
 * The `onDenied` of the application: one of its keywords, or a function that behaves as described.
 */
export type Denied =
  | 'respond'
  | 'delegate'
  /**
   * Sends `own` and the code with the status of the refusal, at once or one event loop tick later.
   */
  | { readonly answers: 'now' | 'later' }
  | { readonly throws: unknown }
  | { readonly rejects: unknown };

/** The `onDenied` of a harness. `answer` sends a status and a text in its framework. */
export function onDenied<Arguments extends readonly unknown[]>(
  denied: Denied,
  answer: (status: number, text: string, ...args: Arguments) => void,
): OnDenied<Arguments> {
  if (typeof denied === 'string') return denied;
  return async ({ status, error }, ...args) => {
    if ('throws' in denied) throw denied.throws;
    if ('rejects' in denied) return Promise.reject(denied.rejects);
    if (denied.answers === 'later') await new Promise((resolve) => setImmediate(resolve));
    return answer(status, `own ${error.code}`, ...args);
  };
}

/** The body that every handler of the suite sends: the identity that it received. */
export interface Seen {
  readonly subject: string | null;
  readonly scopes: readonly string[];
}

export function seen(auth: { readonly subject?: string | undefined; readonly scopes: readonly string[] } | null): Seen {
  return { subject: auth?.subject ?? null, scopes: auth?.scopes ?? [] };
}
