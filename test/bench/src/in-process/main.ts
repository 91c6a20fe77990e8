import { type ChildOptions, sendOnce } from '../measure/child.js';
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
// A young generation of gigabytes, so that no collection happens while allocation is measured.
const largeYoungGeneration: ChildOptions = {
  nodeOptions: ['--expose-gc', '--min-semi-space-size=1024', '--max-semi-space-size=1024'],
};

const method = `Event loop is CPU time of the main thread (/proc/self/task/PID/schedstat); total is
that of the process (process.cpuUsage, which includes the thread pool, the garbage collector and the
compiler); both in microseconds a validation. Each figure is the median over the rounds ± half the
interquartile range. Each round gives all subjects the same tokens, one after the other, in a
rotated order. (N×) is total CPU as a multiple of crypto.verify sync in the same round. Cold: every
token is new to the subject, which has its default cache. Warm: 200 tokens in rotation. Warm,
garbage, forged kid and expired: 64 in flight. Forged kid: a well-formed token with an unknown kid
and random octets as the signature. A subject that fetches keys is within its cooldown then; one
that is given a key verifies the signature. One CPU: the whole process may only use one (taskset).
Allocation: growth of heapUsed without a garbage collection in between; memory outside of the heap
is not counted. "nothing" is a resolved promise: the overhead of the measurement.`;

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
    const send = <Answer>(what: Omit<LabOrder, keyof typeof order>, how: ChildOptions): Promise<Answer> => {
      progress(`${alg}: ${what.conditions.map(({ name }) => name).join('; ') || 'allocation'}`);
      return sendOnce<Answer>(lab, { ...order, ...what }, how);
    };
    const conditions = [...coldConditions(effort), ...warmAndRefused(effort)];
    cells.push(...(await send<Cell[]>({ conditions }, plain)));
    cells.push(...(await send<Cell[]>({ conditions: pinnedConditions(effort) }, pinned)));
    allocations.push(
      ...(await send<Allocation[]>({ conditions: [], allocationOf: effort.attempts * 3 }, largeYoungGeneration)),
    );
  }
  const opaque = introspectors.filter(({ name }) => isWanted(name));
  const introspection = await measureIntrospection(opaque, effort);
  const rows = summarizeCells(cells);
  const machine = describeMachine([...chosen, ...opaque]);
  const names = chosen.map(({ name }) => name);
  const markdown = [
    '# One validation, in process',
    showMachine(machine),
    `${method}\n${effort.rounds} rounds of ${effort.attempts} validations or more.`,
    ...(algs.length > 0 ? [showRows(rows, algs, names), showAllocations(allocations, algs, names)] : []),
    ...(introspection.length > 0 ? [showIntrospection(introspection)] : []),
    `## Subjects\n\n${[showSubjects(chosen, anyWorld), showSubjects(opaque, anyRegistration)].join('\n').trim()}`,
  ].join('\n\n');
  return { name: 'in-process', markdown, data: { machine, effort, rows, allocations, introspection } };
}
