/**
 * Of some media types the one that `Accept` has the most weight for (RFC 9110 section 12.5.1); of equals the one it names itself, then the
 * first. Where nothing is acceptable, or nothing was said, it is the first.
 */
export function preferredType(accept: string | undefined, offered: readonly [string, ...string[]]): string {
  const ranges = (accept ?? '*/*').split(',').map(rangeOf);
  let [best] = offered;
  let most = 0;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > most) [best, most] = [type, weight];
  }
  return best;
}

interface Range {
  readonly type: string;
  readonly weight: number;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 1 };
}

/** A little more for a type that is named than for one that a wildcard covers. */
function weightOf(type: string, ranges: readonly Range[]): number {
  const named = ranges.find((range) => range.type === type);
  if (named !== undefined) return named.weight === 0 ? 0 : named.weight + 0.0001;
  return (
    ranges.find((range) => range.type === `${type.split('/')[0]}/*`)?.weight ??
    ranges.find((range) => range.type === '*/*')?.weight ??
    0
  );
}
