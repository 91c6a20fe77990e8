import { askOnce, type ChildOptions } from '../measure/child.js';
import { describeMachine, showMachine } from '../report/machine.js';
import { type Call, runProgram } from '../report/program.js';
import { progress, type Results } from '../report/results.js';
import { showSubjects } from '../report/subjects.js';
import { introspectors } from '../subjects/introspectors/index.js';
import { anyRegistration } from '../subjects/introspectors/introspector.js';
import { libraries } from '../subjects/libraries/index.js';
import { onlyFilter } from '../subjects/only.js';
import { algorithms, anyWorld } from '../subjects/world.js';
import type { Allocation } from './allocation.js';
import { brief, coldConditions, full, pinnedConditions, warmAndRefused } from './conditions.js';
import { measureIntrospection, showIntrospection } from './introspection.js';
import type { Cell, LabOrder } from './lab.js';
import { showAllocations, showRows, summarizeCells } from './report.js';

const lab = new URL('./lab.js', import.meta.url);
const plain: ChildOptions = { nodeOptions: ['--expose-gc'] };
const pinned: ChildOptions = { ...plain, cpu: 0 };
// A young generation of gigabytes, so that it is never collected while allocation is counted.
const roomy: ChildOptions = {
  nodeOptions: ['--expose-gc', '--min-semi-space-size=1024', '--max-semi-space-size=1024'],
};

const method = `Event loop is CPU time of the main thread (/proc/self/task/PID/schedstat), total is that of the process
(process.cpuUsage: with thread pool, garbage collector and compiler), both in microseconds a validation. Every figure is the
median over the rounds ± half the distance of the quartiles; in each round all subjects are given the same tokens, one after
the other, and begin in another order. (N×) is total CPU as a multiple of crypto.verify sync, round by round. Cold: every token
is new to the subject, with its default cache. Warm: 200 tokens in rotation. Warm, garbage, forged kid and expired: 64 in flight.
Forged kid: a well-formed token with an unknown kid and noise for a signature, while the subject is in its cooldown for keys,
if it fetches any; those that are given the key itself check a signature. One CPU: the whole process may use only one (taskset). Allocation: growth of heapUsed without a collection
in between; what is outside of the heap does not count. "nothing" is a kept promise: the measuring itself.`;

await runProgram(measure);

async function measure(call: Call): Promise<Results> {
  const effort = call.brief ? brief : full;
  const isWanted = onlyFilter(
    call.only,
    [...libraries, ...introspectors].map(({ name }) => name),
  );
  const cells: Cell[] = [];
  const allocations: Allocation[] = [];
  const algs = algorithms.filter((alg) => libraries.some(({ name }) => isWanted(name, alg)));
  const chosen = libraries.filter(({ name }) => isWanted(name));
  for (const alg of algs) {
    const subjects = chosen.filter(({ name }) => isWanted(name, alg)).map(({ name }) => name);
    const order = { alg, subjects, rounds: effort.rounds, warmUp: effort.warmUp };
    const ask = <Answer>(what: Omit<LabOrder, keyof typeof order>, how: ChildOptions): Promise<Answer> => {
      progress(`${alg}: ${what.conditions.map(({ name }) => name).join('; ') || 'allocation'}`);
      return askOnce<Answer>(lab, { ...order, ...what }, how);
    };
    const conditions = [...coldConditions(effort), ...warmAndRefused(effort)];
    cells.push(...(await ask<Cell[]>({ conditions }, plain)));
    cells.push(...(await ask<Cell[]>({ conditions: pinnedConditions(effort) }, pinned)));
    allocations.push(...(await ask<Allocation[]>({ conditions: [], allocationOf: effort.attempts * 3 }, roomy)));
  }
  const asking = introspectors.filter(({ name }) => isWanted(name));
  const introspection = await measureIntrospection(asking, effort);
  const rows = summarizeCells(cells);
  const machine = describeMachine([...chosen, ...asking]);
  const names = chosen.map(({ name }) => name);
  const markdown = [
    '# One validation, in process',
    showMachine(machine),
    `${method}\n${effort.rounds} rounds of ${effort.attempts} validations or more.`,
    ...(algs.length > 0 ? [showRows(rows, algs, names), showAllocations(allocations, algs, names)] : []),
    ...(introspection.length > 0 ? [showIntrospection(introspection)] : []),
    `## Subjects\n\n${[showSubjects(chosen, anyWorld), showSubjects(asking, anyRegistration)].join('\n').trim()}`,
  ].join('\n\n');
  return { name: 'in-process', markdown, data: { machine, effort, rows, allocations, introspection } };
}
