import { type Documented, showConfiguration } from '../subjects/configuration.js';
import { anyWorld, type World } from '../subjects/world.js';

/** Who was measured, and how it was configured. */
export function showSubjects(subjects: readonly (Documented & { configuration(world: World): unknown })[]): string {
  return subjects
    .map((one) => `* **${one.name}**: ${one.readme}. \`${showConfiguration(one.configuration(anyWorld))}\``)
    .join('\n');
}
