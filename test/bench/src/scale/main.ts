import { sendOnce } from '../measure/child.js';
import { describeMachine, showMachine } from '../report/machine.js';
import { type Call, runProgram } from '../report/program.js';
import { progress, type Results } from '../report/results.js';
import { resourceServer } from '../subjects/libraries/resource-server.js';
import { onlyFilter } from '../subjects/only.js';
import { drawStudy, joinPoints, type Row, showStudy } from './report.js';
import { studies } from './studies.js';
import type { Point, Study } from './study.js';
import type { StepOrder } from './worker.js';

const worker = new URL('./worker.js', import.meta.url);

const method = `Every step is measured in its own process. A round measures all steps of a study,
one after the other; figures are medians. Event loop is CPU time of the main thread, total is that
of the process, both in microseconds a request. The requests are calls of
\`createResourceServer(options).check(request)\` with ES256 tokens: new ones, and 200 known ones in
rotation.`;

await runProgram(measure);

async function measure(call: Call): Promise<Results> {
  const isWanted = onlyFilter(
    call.only,
    studies.map(({ name }) => name),
  );
  const sections: string[] = [];
  const data: Record<string, readonly Row[]> = {};
  const charts = new Map<string, string>();
  for (const study of studies.filter(({ name }) => isWanted(name))) {
    const rows = joinPoints(await measureStudy(study, call.brief), study);
    sections.push(showStudy(study, rows));
    data[study.name] = rows;
    for (const [file, svg] of drawStudy(study, rows)) charts.set(file, svg);
  }
  const machine = describeMachine([resourceServer]);
  const markdown = ['# How cost grows', showMachine(machine), method, ...sections].join('\n\n');
  return { name: 'scale', markdown, data: { machine, ...data }, charts };
}

async function measureStudy(study: Study, brief: boolean): Promise<readonly Point[]> {
  const points: Point[] = [];
  const rounds = brief ? 1 : study.rounds;
  for (let round = 0; round < rounds; round++) {
    for (const step of brief ? study.briefSteps : study.steps) {
      progress(`${study.name} ${step}: round ${round + 1} of ${rounds}`);
      const order: StepOrder = { study: study.name, step, brief };
      points.push(...(await sendOnce<readonly Point[]>(worker, order, { nodeOptions: ['--expose-gc'] })));
    }
  }
  return points;
}
