/** What a {@link Fetch} is asked with. */
export interface FetchInit {
  /** `GET` where it is absent. */
  readonly method?: 'POST';
  /** The form of a POST. */
  readonly body?: string;
  /** Redirects are not followed: who they lead to, nobody has judged. */
  readonly redirect: 'manual';
  readonly credentials: 'omit';
  readonly headers: Record<string, string>;
  /** Ends it: when its time is up, and by `close()`. */
  readonly signal: AbortSignal;
}

/** What is read of a `Response`. */
export interface FetchResponse {
  readonly status: number;
  readonly redirected: boolean;
  readonly headers: { get(name: string): string | null };
  /** A stream of octets that can be iterated asynchronously. */
  readonly body: object | null;
}

/** The part of `fetch` that is used: the global one fits, and so do those of libraries with types of their own. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
