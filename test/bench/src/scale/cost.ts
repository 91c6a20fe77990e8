import type { CheckOptions, Decision, ResourceServer } from '@resource-server/core';
import { type CpuTime, cpuSince, readCpu } from '../measure/cpu-clock.js';
import { collectYoung } from '../measure/garbage.js';
import { runInFlight } from '../measure/in-flight.js';
import { median } from '../measure/statistics.js';
import { requestWith } from '../subjects/libraries/resource-server.js';

export interface CostTerms {
  readonly inFlight?: number;
  readonly options?: CheckOptions;
  readonly brief: boolean;
}

/** Microseconds a check, by the columns of a study. */
export type Cost = Readonly<Record<'coldLoop' | 'coldTotal' | 'warmLoop', number>>;

/** The cost of a check with new tokens, and with 200 known ones; medians over batches. */
export async function costOf(server: ResourceServer, token: (at: number) => string, terms: CostTerms): Promise<Cost> {
  const batch = terms.brief ? 20 : 400;
  const batches = terms.brief ? 1 : 7;
  const warmUp = terms.brief ? 1 : 6;
  let at = 0;
  const fresh = (): string[] => Array.from({ length: batch }, () => token(at++));
  const cold = await repeat(server, fresh, batches, warmUp, terms);
  const same = Array.from({ length: 200 }, () => token(at++));
  const rotation = Array.from({ length: batch * 5 }, (_, index) => same[index % same.length] ?? '');
  const warm = await repeat(server, () => rotation, batches, 2, terms);
  return { coldLoop: cold.eventLoop, coldTotal: cold.total, warmLoop: warm.eventLoop };
}

async function repeat(
  server: ResourceServer,
  tokensOfBatch: () => readonly string[],
  batches: number,
  warmUp: number,
  { inFlight = 64, options }: CostTerms,
): Promise<CpuTime> {
  const costs: CpuTime[] = [];
  for (let batch = 0; batch < warmUp + batches; batch++) {
    const requests = tokensOfBatch().map(requestWith);
    const attempts = requests.map((request) => () => server.check(request, options));
    collectYoung();
    const start = readCpu();
    const accepted = await runInFlight(attempts, inFlight, isGranted);
    const cost = cpuSince(start, attempts.length);
    if (accepted !== attempts.length) throw new Error(`${accepted} of ${attempts.length} valid tokens were accepted`);
    if (batch >= warmUp) costs.push(cost);
  }
  return { eventLoop: median(costs.map((one) => one.eventLoop)), total: median(costs.map((one) => one.total)) };
}

export const isGranted = (outcome: unknown): boolean => (outcome as Decision).granted;
