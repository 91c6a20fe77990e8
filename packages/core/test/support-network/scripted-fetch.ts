import type { Fetch, FetchInit, FetchResponse } from '../../src/model/fetch.js';

/** A `fetch` that answers as a test defines, and records its calls. */
export interface ScriptedFetch {
  readonly fetch: Fetch;
  /** Every URL that was requested, in order. */
  readonly requested: string[];
  /** The `init` argument of each call. */
  readonly inits: FetchInit[];
}

/** @param script returns or throws what `fetch` returns or throws */
export function scriptedFetch(script: (url: string, init: FetchInit) => unknown): ScriptedFetch {
  const requested: string[] = [];
  const inits: FetchInit[] = [];
  return {
    requested,
    inits,
    fetch: (url, init) => {
      requested.push(url);
      inits.push(init);
      return script(url, init) as ReturnType<Fetch>;
    },
  };
}

/** A response of the platform, with these members replaced. */
export function response(
  body: string | ReadableStream | null,
  init: ResponseInit = {},
  members: Partial<FetchResponse> = {},
): FetchResponse {
  const made = new Response(body, init);
  const { status, redirected, headers } = made;
  return { status, redirected, headers, body: made.body, ...members };
}

/** A response body that records how much of it was read, and whether it was cancelled. */
export interface WatchedBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly pulled: number;
  readonly isCancelled: boolean;
}

/** @param chunkAt returns the next chunk, or `undefined` at the end; a promise is awaited */
export function watchedBody(chunkAt: (at: number) => Uint8Array | undefined | Promise<undefined>): WatchedBody {
  const seen = { pulled: 0, isCancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await chunkAt(seen.pulled++);
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      cancel() {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    get pulled() {
      return seen.pulled;
    },
    get isCancelled() {
      return seen.isCancelled;
    },
  };
}
