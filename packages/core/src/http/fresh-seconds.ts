/**
 * How long an answer is fresh by its own account (RFC 9111 section 4.2): `max-age` without what it spent in caches
 * on the way, 0 where it may not be kept.
 *
 * @returns `undefined` where it does not say
 */
export function freshSeconds(cacheControl: string | undefined, age: string | undefined): number | undefined {
  const directives = (cacheControl ?? '')
    .toLowerCase()
    .split(',')
    .map((text) => text.trim());
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const ages = directives.flatMap((text) => text.match(/^max-age="?(\d{1,10})"?$/)?.[1] ?? []).map(Number);
  if (ages.length === 0) return undefined;
  const spent = /^\d+$/.test(age ?? '') ? Number(age) : 0;
  // Where it says so twice, the shorter time counts (RFC 9111 section 4.2.1).
  return Math.max(0, Math.min(...ages) - spent);
}
