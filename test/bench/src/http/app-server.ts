import { answerParent } from '../measure/child.js';
import { apps } from '../subjects/apps/index.js';
import type { World } from '../subjects/world.js';

/** A message to the process of an API: start, or report the CPU time used so far. */
export type AppOrder = { readonly start: string; readonly world: World } | { readonly mark: true };

/** CPU time of the whole process so far, in microseconds. */
export type Mark = number;

answerParent((order: AppOrder): Promise<number> | Mark => {
  if ('mark' in order) {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  const app = apps.find(({ name }) => name === order.start);
  if (app === undefined) throw new Error(`no app ${order.start}`);
  return app.start(order.world);
});
