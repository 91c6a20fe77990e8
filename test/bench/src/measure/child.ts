import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Options of a child process. */
export interface ChildOptions {
  /** The only CPU that the process may use. */
  readonly cpu?: number;
  readonly nodeOptions?: readonly string[];
  /** Drops what the process writes to stderr: some frameworks log every refusal there. */
  readonly isMute?: boolean;
}

/** A program of this package in a child process, which answers every message with one. */
export class Child {
  readonly #process: ChildProcess;

  constructor(program: URL, { cpu, nodeOptions = [], isMute = false }: ChildOptions = {}) {
    const node = [process.execPath, ...nodeOptions, fileURLToPath(program)];
    const [command = '', ...args] = cpu === undefined ? node : ['taskset', '-c', String(cpu), ...node];
    const env = { ...process.env, NODE_ENV: 'production' };
    this.#process = spawn(command, args, { stdio: ['ignore', 'inherit', isMute ? 'ignore' : 'inherit', 'ipc'], env });
  }

  /** @throws Error when the child reports a failure, or ends without a reply */
  async send<Answer>(message: object): Promise<Answer> {
    this.#process.send(message);
    const ended = new AbortController();
    const answer = once(this.#process, 'message', { signal: ended.signal });
    const exit = once(this.#process, 'exit', { signal: ended.signal });
    const first = await Promise.race([answer, exit]);
    ended.abort();
    await Promise.allSettled([answer, exit]);
    // The shape distinguishes the two: an exit is a code and a signal, a reply one object.
    const [reply] = first as [Reply<Answer> | number | null];
    if (reply === null || typeof reply === 'number')
      throw new Error(`a child process ended with ${reply === null ? 'a signal' : `code ${reply}`}`);
    if ('failure' in reply) throw new Error(reply.failure);
    return reply.answer;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill();
    await exit;
  }
}

/** Starts a child process for one message, and ends it after the reply. */
export async function sendOnce<Answer>(program: URL, message: object, options?: ChildOptions): Promise<Answer> {
  const child = new Child(program, options);
  try {
    return await child.send<Answer>(message);
  } finally {
    await child.end();
  }
}

type Reply<Answer> = { readonly answer: Answer } | { readonly failure: string };

/** Called in the child process: answers every message of the parent, one after the other. */
export function answerParent(answer: (message: never) => unknown): void {
  const reply = (content: Reply<unknown>): void => void process.send?.(content);
  process.on('message', (message) => {
    Promise.resolve(message as never)
      .then(answer)
      .then(
        (done) => reply({ answer: done ?? null }),
        (cause: unknown) => reply({ failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
      );
  });
  process.on('disconnect', () => process.exit());
}
