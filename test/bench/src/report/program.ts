import { parseArgs } from 'node:util';
import { print, type Results, writeResults } from './results.js';

/** The command line options of a program. */
export interface Call {
  /** Runs a few iterations, to check that everything works. */
  readonly brief: boolean;
  /** Restricts the subjects; the README describes the syntax. */
  readonly only: string | undefined;
}

/** Runs a program; results are written only for a full run. */
export async function runProgram(program: (call: Call) => Promise<Results>): Promise<void> {
  const { values } = parseArgs({ options: { brief: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const call = { brief: values.brief, only: values.only };
  const results = await program(call);
  print(results.markdown);
  if (!call.brief && call.only === undefined) writeResults(results);
}
