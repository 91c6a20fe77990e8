import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a child process is started. */
export interface ChildOptions {
  /** The only CPU it may use. */
  readonly cpu?: number;
  readonly nodeOptions?: readonly string[];
  /** Whether what it writes to stderr is dropped: some frameworks log every refusal there. */
  readonly isMute?: boolean;
}

/** A program of this package in a process of its own, which answers each message with one. */
export class Child {
  readonly #process: ChildProcess;

  constructor(program: URL, { cpu, nodeOptions = [], isMute = false }: ChildOptions = {}) {
    const node = [process.execPath, ...nodeOptions, fileURLToPath(program)];
    const [command = '', ...args] = cpu === undefined ? node : ['taskset', '-c', String(cpu), ...node];
    const env = { ...process.env, NODE_ENV: 'production' };
    this.#process = spawn(command, args, { stdio: ['ignore', 'inherit', isMute ? 'ignore' : 'inherit', 'ipc'], env });
  }

  /** @throws Error when the child ends instead of answering, or says why it cannot. */
  async ask<Answer>(message: object): Promise<Answer> {
    this.#process.send(message);
    const ended = new AbortController();
    const answer = once(this.#process, 'message', { signal: ended.signal });
    const exit = once(this.#process, 'exit', { signal: ended.signal });
    const first = await Promise.race([answer, exit]);
    ended.abort();
    await Promise.allSettled([answer, exit]);
    // Told apart by shape: an exit is a number and a signal, an answer one object.
    const [reply] = first as [Reply<Answer> | number | null];
    if (reply === null || typeof reply === 'number')
      throw new Error(`a child process ended (${reply ?? 'by a signal'})`);
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

/** Asks a child that is started for this one question. */
export async function askOnce<Answer>(program: URL, message: object, options?: ChildOptions): Promise<Answer> {
  const child = new Child(program, options);
  try {
    return await child.ask<Answer>(message);
  } finally {
    await child.end();
  }
}

type Reply<Answer> = { readonly answer: Answer } | { readonly failure: string };

/** The child's side: answers every message of its parent, one after the other. */
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
