import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { heading, note, resultRow, scene } from './table.js';

/** The functions that a story uses. */
export interface Teller {
  /**
   * Serves an API on loopback until the story ends.
   *
   * @returns its address
   */
  listen(api: RequestListener): Promise<string>;
  /** Prints a title for the following steps. */
  say(what: string): void;
  /** Prints a step with its result, and checks the result. */
  expect(what: string, actual: unknown, expected: unknown): void;
  /** Prints a remark on the last step. */
  note(what: string): void;
  /** Registers a function to run when the story ends or fails; the last one runs first. */
  onEnd(end: () => unknown): void;
}

/**
 * Runs a story that checks its own results: the process exits with 1 when one is not as expected.
 */
export async function tellStory(title: string, story: (teller: Teller) => Promise<void>): Promise<void> {
  const results: boolean[] = [];
  const resources = new Resources();
  console.log(heading(`\n${title}\n`));
  try {
    await story({
      listen: (api) => resources.listen(api),
      onEnd: (end) => resources.onEnd(end),
      say: (what) => console.log(scene(what)),
      note: (what) => console.log(note(what)),
      expect(what, actual, expected) {
        const isRight = isDeepStrictEqual(actual, expected);
        results.push(isRight);
        console.log(resultRow(what, actual, isRight ? undefined : { expected }));
      },
    });
  } finally {
    await resources.close();
  }
  const right = results.filter(Boolean).length;
  console.log(heading(`\n${right} of ${results.length} as expected.\n`));
  if (right < results.length || right === 0) process.exitCode = 1;
}

/**
 * Keeps the servers of a story running until Ctrl-C.
 *
 * @param open starts them, and returns the instructions to print
 */
export async function stay(
  title: string,
  open: (teller: Pick<Teller, 'listen' | 'onEnd'>) => Promise<string>,
): Promise<void> {
  const resources = new Resources();
  const instructions = await open({
    listen: (api) => resources.listen(api),
    onEnd: (end) => resources.onEnd(end),
  });
  console.log(`${heading(`\n${title}\n`)}\n${instructions}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void resources.close());
}

/** The servers and clean-up functions of a running story. */
class Resources {
  readonly #ends: (() => unknown)[] = [];

  onEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async listen(api: RequestListener): Promise<string> {
    const server = createServer(api).listen(0, '127.0.0.1');
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    this.onEnd(() => server.close().closeAllConnections());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}
