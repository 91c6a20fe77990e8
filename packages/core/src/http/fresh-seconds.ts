/**
 * How long a response is fresh by its own headers, in seconds: `max-age` minus the time that the
 * response already spent in caches. 0 with `no-store` or `no-cache`.
 *
 * @returns `undefined` without these directives
 * @see RFC 9111 section 4.2
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
  // If `max-age` occurs twice, the shorter time counts (RFC 9111 section 4.2.1).
  return Math.max(0, Math.min(...ages) - spent);
}
