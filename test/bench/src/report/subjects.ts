import { type Documented, showConfiguration } from '../subjects/configuration.js';

/** Who was measured, and how it was configured; `place` stands in for what is known only when it runs. */
export function showSubjects<Place>(
  subjects: readonly (Documented & { configuration(place: Place): unknown })[],
  place: Place,
): string {
  return subjects
    .map((one) => `* **${one.name}**: ${one.readme}. \`${showConfiguration(one.configuration(place))}\``)
    .join('\n');
}
