import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages whose files must not read through `Object.prototype`. */
const packages = ['core', 'express', 'koa', 'fastify'] as const;
const top = join(import.meta.dirname, '../../..');

/**
 * With one of these on `Object.prototype` every property descriptor in the process would have two
 * meanings and `Object.defineProperty` would throw: nothing would run that could be observed.
 */
const descriptorFields = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable'];

/** Every identifier in the built files of our packages: all names that they can read. */
export function ownIdentifiers(): readonly string[] {
  const texts = packages.flatMap((name) => builtFiles(join(top, 'packages', name, 'dist')));
  const words = texts.flatMap((file) => readFileSync(file, 'utf8').match(/[A-Za-z_$][\w$]*/g) ?? []);
  return [...new Set(words)].filter(
    (name) => !Object.hasOwn(Object.prototype, name) && !descriptorFields.includes(name),
  );
}

function builtFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile() && one.name.endsWith('.js')).map((one) => join(one.parentPath, one.name));
}

/** What was read through `Object.prototype` by our own files, as `name in package/path`, and how to stop watching. */
export interface InheritedReads {
  readonly found: ReadonlySet<string>;
  stop(): void;
}

/** Puts an accessor for each name on `Object.prototype`; it answers `undefined`, as an absent property would. */
export function watchInheritedReads(names: readonly string[]): InheritedReads {
  const found = new Set<string>();
  for (const name of names) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      enumerable: false,
      get() {
        const reader = readerOf(new Error('read'));
        if (reader !== undefined) found.add(`${name} in ${reader}`);
        return undefined;
      },
      // As without the accessor: an assignment makes an own property.
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  return {
    found,
    stop() {
      for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    },
  };
}

const ours = new RegExp(`/packages/(${packages.join('|')})/(?:dist|src)/(.+?)\\.[jt]s`);

/** The file of ours that read the property itself, or by a built-in function; `undefined` for other files. */
function readerOf({ stack = '' }: Error): string | undefined {
  const [, , ...frames] = stack.split('\n');
  const reader = frames.find((frame) => /file:|\/|node:/.test(frame));
  const match = reader === undefined ? null : ours.exec(reader);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}
