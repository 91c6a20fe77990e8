/** The second argument of a {@link Fetch}. */
export interface FetchInit {
  /** The method; absent for `GET`. */
  readonly method?: 'POST';
  /** The body of a `POST`, in `application/x-www-form-urlencoded`. */
  readonly body?: string;
  /** Redirects are not followed: their target has not been checked against the permitted hosts. */
  readonly redirect: 'manual';
  /** Cookies are never sent. */
  readonly credentials: 'omit';
  /** The headers of the request. */
  readonly headers: Record<string, string>;
  /** Aborts the request after the timeout, and when the server is closed. */
  readonly signal: AbortSignal;
}

/** The members of a `Response` that are read. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Whether `fetch` has followed a redirect; such a response is refused. */
  readonly redirected: boolean;
  /** The headers of the response. */
  readonly headers: { get(name: string): string | null };
  /** The body: a stream of octets that can be iterated asynchronously. */
  readonly body: object | null;
}

/**
 * The part of `fetch` that is used. The global `fetch` has this type, and so have those of
 * libraries with their own `Response` type.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
