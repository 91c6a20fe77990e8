import type { ResourceServerOptions } from '@resource-server/core';
import type { OnDenied } from '@resource-server/core/adapter';

/** A request as the suite writes it. */
export interface WireRequest {
  readonly method?: 'GET' | 'POST' | 'HEAD';
  /** Request target; default `/any`. */
  readonly target?: string;
  /** Header lines in order; a name may come twice. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: string;
}

/** An answer as it was on the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: string;
}

/** The suite's application, running somewhere. */
export interface Running {
  send(request: WireRequest): Promise<WireResponse>;
  /** How often a handler ran. */
  readonly handled: () => number;
  close(): Promise<void>;
}

/** One way to run the suite's application. */
export interface Harness {
  readonly name: string;
  /** Whether requests travel over a socket, where a client can go away. */
  readonly usesSockets: boolean;
  /** Whether a header line can be sent twice. */
  readonly repeatsHeaders: boolean;
  /** Whether bodies are parsed before the gate. */
  readonly parsesForms: boolean;
  start(options: ResourceServerOptions, denied?: Denied): Promise<Running>;
}

/** A request with this header meets middleware in front that sets headers for an answer of its own. */
export const headersInFront = 'x-headers-in-front';

/** What that middleware sets; none of it may stand before a refusal. */
export const foreignHeaders: Readonly<Record<string, string>> = {
  'Content-Length': '5',
  'Content-Encoding': 'gzip',
  'Content-Language': 'de',
  ETag: '"x"',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  'CDN-Cache-Control': 'max-age=3600',
};

/** What `onDenied` the application is given: one of its words, or a function that does this. */
export type Denied =
  | 'respond'
  | 'delegate'
  /** Answers `own` and the code with the status of the denial, at once or after a turn of the event loop. */
  | { readonly answers: 'now' | 'later' }
  | { readonly throws: unknown }
  | { readonly rejects: unknown };

/** The `onDenied` of a harness. `answer` is how its framework sends a status and a text. */
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

/** What every handler of the suite answers: who it was shown. */
export interface Seen {
  readonly subject: string | null;
  readonly scopes: readonly string[];
}

export function seen(auth: { readonly subject?: string | undefined; readonly scopes: readonly string[] } | null): Seen {
  return { subject: auth?.subject ?? null, scopes: auth?.scopes ?? [] };
}
