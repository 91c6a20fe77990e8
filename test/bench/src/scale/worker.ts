import { answerParent } from '../measure/child.js';
import { studies } from './studies.js';
import type { Point } from './study.js';

/** A message to the worker: one step of one study. */
export interface StepOrder {
  readonly study: string;
  readonly step: number;
  readonly brief: boolean;
}

answerParent((order: StepOrder): Promise<readonly Point[]> => {
  const study = studies.find(({ name }) => name === order.study);
  if (study === undefined) throw new Error(`no study ${order.study}`);
  return study.measure(order.step, order.brief);
});
