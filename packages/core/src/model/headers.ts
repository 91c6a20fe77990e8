import { emptyBare } from '../objects/bare.js';
import type { Header } from './decision.js';

/** Groups header lines by name, for APIs that take each name once. Several lines become a list. */
export function headersByName(headers: readonly Header[]): Record<string, string | string[]> {
  const byName = emptyBare() as Record<string, string | string[]>;
  for (const [name, value] of headers) {
    const earlier = byName[name];
    byName[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return byName;
}
