import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { heading, verdictRow } from './table.js';

/** What a story is told with. */
export interface Teller {
  /** Serves an API on loopback until the story ends. @returns where it is */
  listen(api: RequestListener): Promise<string>;
  /** Says what was done, what came of it, and whether that is what must come of it. */
  expect(what: string, actual: unknown, expected: unknown): void;
  /** Does something when the story is over, however it ends; the last first. */
  onEnd(end: () => unknown): void;
}

/** Tells a story that checks itself: the process exits with 1 when anything in it is not as it should be. */
export async function tellStory(title: string, story: (teller: Teller) => Promise<void>): Promise<void> {
  const verdicts: boolean[] = [];
  const ends: (() => unknown)[] = [];
  console.log(heading(`\n${title}\n`));
  try {
    await story({
      async listen(api) {
        const server = createServer(api).listen(0, '127.0.0.1');
        await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
        ends.push(() => server.close().closeAllConnections());
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      },
      expect(what, actual, expected) {
        const isRight = isDeepStrictEqual(actual, expected);
        verdicts.push(isRight);
        console.log(verdictRow(what, actual, isRight ? undefined : { expected }));
      },
      onEnd: (end) => void ends.push(end),
    });
  } finally {
    for (const end of ends.reverse()) await end();
  }
  const right = verdicts.filter(Boolean).length;
  console.log(heading(`\n${right} of ${verdicts.length} as it should be.\n`));
  if (right < verdicts.length || right === 0) process.exitCode = 1;
}
