import { parseArgs } from 'node:util';
import { print, type Results, writeResults } from './results.js';

/** How a program was called. */
export interface Call {
  /** A few iterations, to see that everything works. */
  readonly brief: boolean;
  /** Only this; see the README for its form. */
  readonly only: string | undefined;
}

/** Runs a program; its results are kept only when they are whole. */
export async function runProgram(program: (call: Call) => Promise<Results>): Promise<void> {
  const { values } = parseArgs({ options: { brief: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const call = { brief: values.brief, only: values.only };
  const results = await program(call);
  print(results.markdown);
  if (!call.brief && call.only === undefined) writeResults(results);
}
