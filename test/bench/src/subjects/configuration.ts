import { KeyObject } from 'node:crypto';

/** What a subject is configured with, and where its documentation says so. */
export interface Documented {
  readonly name: string;
  /** npm packages whose versions are printed. */
  readonly packages: readonly string[];
  /** The documentation that the configuration is taken from. */
  readonly readme: string;
}

/** The options as one line of text; what is no data is named by its kind. */
export function showConfiguration(options: unknown): string {
  return JSON.stringify(options, (_name, value: unknown) => {
    if (typeof value === 'function') return '(function)';
    return value instanceof KeyObject ? '(KeyObject)' : value;
  });
}
