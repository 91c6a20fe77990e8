import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a command that ended left behind. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** When it printed a line that fits: what it says in its group. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts the built command in a process of its own, which ends with the test at the latest. */
export function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ ...output, code: code as number | null }));
  return {
    child,
    ended,
    async printed(pattern) {
      for (;;) {
        const [, found] = pattern.exec(output.stdout) ?? [];
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`ended without printing ${pattern}: ${output.stderr}`);
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
  };
}

/** Runs a command to its end. */
export function run(...args: readonly string[]): Promise<Ended> {
  return start(...args).ended;
}
