import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages whose files must not read through `Object.prototype`. */
const packages = ['core', 'express', 'koa', 'fastify'] as const;
const top = join(import.meta.dirname, '../../..');

/**
 * A member of this name on `Object.prototype` changes the meaning of every property descriptor in
 * the process, and `Object.defineProperty` throws. Nothing would run that a test could observe.
 */
const descriptorFields = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable'];

/** Every identifier in the built files of the packages, that is every name that they can read. */
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

/** Reads through `Object.prototype` by files of the packages, as `name in package/path`. */
export interface InheritedReads {
  readonly found: ReadonlySet<string>;
  stop(): void;
}

/**
 * Puts an accessor for each name on `Object.prototype`. It returns `undefined`, as an absent
 * property does.
 */
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
      // As without the accessor, an assignment makes an own property.
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

const packageFile = new RegExp(`/packages/(${packages.join('|')})/(?:dist|src)/(.+?)\\.[jt]s`);

/**
 * The package file that read the property, directly or by a built-in function; otherwise
 * `undefined`.
 */
function readerOf({ stack = '' }: Error): string | undefined {
  const [, , ...frames] = stack.split('\n');
  const reader = frames.find((frame) => /file:|\/|node:/.test(frame));
  const match = reader === undefined ? null : packageFile.exec(reader);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}
