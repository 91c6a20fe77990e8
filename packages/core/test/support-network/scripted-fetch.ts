import type { Fetch, FetchInit, FetchResponse } from '../../src/model/fetch.js';

/** A `fetch` that says what a test tells it to, and writes down what it was asked. */
export interface ScriptedFetch {
  readonly fetch: Fetch;
  /** Every address that was asked, in order. */
  readonly asked: string[];
  /** What it was asked with. */
  readonly inits: FetchInit[];
}

/** @param script its answer; whatever it throws is thrown, whatever it gives is given */
export function scriptedFetch(script: (url: string, init: FetchInit) => unknown): ScriptedFetch {
  const asked: string[] = [];
  const inits: FetchInit[] = [];
  return {
    asked,
    inits,
    fetch: (url, init) => {
      asked.push(url);
      inits.push(init);
      return script(url, init) as ReturnType<Fetch>;
    },
  };
}

/** A response of the platform; `members` are laid over what it says. */
export function response(
  body: string | ReadableStream | null,
  init: ResponseInit = {},
  members: Partial<FetchResponse> = {},
): FetchResponse {
  const made = new Response(body, init);
  const { status, redirected, headers } = made;
  return { status, redirected, headers, body: made.body, ...members };
}

/** A body of which it is known how much of it was read, and whether it was given up. */
export interface WatchedBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly pulled: number;
  readonly isCancelled: boolean;
}

/** @param chunkAt the next chunk, `undefined` at the end; a promise is waited for */
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
