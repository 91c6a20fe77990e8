import { validateHeaderValue } from 'node:http';

/** An object as JSON knows it. */
export type JsonObject = Record<string, unknown>;

/** True for objects that are neither null nor arrays. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for strings of at least one character. */
export function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** True for arrays of strings of at least one character each, not empty themselves. */
export function isFilledList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFilled);
}

/** True for what node:http lets into a header line, and not empty. */
export function isHeaderValue(value: unknown): value is string {
  if (!isFilled(value)) return false;
  try {
    validateHeaderValue('x', value);
    return true;
  } catch {
    return false;
  }
}

/** One judgement for each name an options object may have; `undefined` members count as absent. */
export interface Rule {
  /** Ends the sentence "NAME must be ...". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/**
 * Refuses members without a rule and members that break theirs.
 *
 * @throws TypeError naming the member.
 */
export function judge(owner: string, given: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(given)) throw new TypeError(`${owner}: an object is expected`);
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) throw new TypeError(`${owner}: unknown option '${name}'`);
    if (value !== undefined && !rule.accepts(value)) {
      throw new TypeError(`${owner}: '${name}' must be ${rule.expected}`);
    }
  }
}
