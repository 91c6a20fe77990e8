import { type Documented, showConfiguration } from '../subjects/configuration.js';

/**
 * The subjects and their configuration; `world` replaces values that are known at run time only.
 */
export function showSubjects<Values>(
  subjects: readonly (Documented & { configuration(world: Values): unknown })[],
  world: Values,
): string {
  return subjects
    .map((one) => `* **${one.name}**: ${one.readme}. \`${showConfiguration(one.configuration(world))}\``)
    .join('\n');
}
