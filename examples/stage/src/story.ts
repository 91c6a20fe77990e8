import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { heading, note, scene, verdictRow } from './table.js';

/** What a story is told with. */
export interface Teller {
  /** Serves an API on loopback until the story ends. @returns where it is */
  listen(api: RequestListener): Promise<string>;
  /** Says what happens next, as the title of what follows. */
  say(what: string): void;
  /** Says what was done, what came of it, and whether that is what must come of it. */
  expect(what: string, actual: unknown, expected: unknown): void;
  /** Says more about the last step. */
  note(what: string): void;
  /** Does something when the story is over, however it ends; the last first. */
  onEnd(end: () => unknown): void;
}

/** Tells a story that checks itself: the process exits with 1 when anything in it is not as it should be. */
export async function tellStory(title: string, story: (teller: Teller) => Promise<void>): Promise<void> {
  const verdicts: boolean[] = [];
  const house = new House();
  console.log(heading(`\n${title}\n`));
  try {
    await story({
      listen: (api) => house.listen(api),
      onEnd: (end) => house.onEnd(end),
      say: (what) => console.log(scene(what)),
      note: (what) => console.log(note(what)),
      expect(what, actual, expected) {
        const isRight = isDeepStrictEqual(actual, expected);
        verdicts.push(isRight);
        console.log(verdictRow(what, actual, isRight ? undefined : { expected }));
      },
    });
  } finally {
    await house.close();
  }
  const right = verdicts.filter(Boolean).length;
  console.log(heading(`\n${right} of ${verdicts.length} as it should be.\n`));
  if (right < verdicts.length || right === 0) process.exitCode = 1;
}

/**
 * Keeps what a story is played with up until Ctrl-C, for somebody to try.
 *
 * @param open starts it, and says what to do with it
 */
export async function stay(
  title: string,
  open: (teller: Pick<Teller, 'listen' | 'onEnd'>) => Promise<string>,
): Promise<void> {
  const house = new House();
  const toDo = await open({ listen: (api) => house.listen(api), onEnd: (end) => house.onEnd(end) });
  console.log(`${heading(`\n${title}\n`)}\n${toDo}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void house.close());
}

/** What is up while a story is told. */
class House {
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
