import { KeyObject } from 'node:crypto';

/** The configuration of a subject, and the documentation that it is taken from. */
export interface Documented {
  readonly name: string;
  /** npm packages whose versions are printed. */
  readonly packages: readonly string[];
  /** The documentation that the configuration is taken from. */
  readonly readme: string;
}

/** The options as one line; functions and keys are shown by their kind. */
export function showConfiguration(options: unknown): string {
  return JSON.stringify(options, (_name, value: unknown) => {
    if (typeof value === 'function') return '(function)';
    return value instanceof KeyObject ? '(KeyObject)' : value;
  });
}
