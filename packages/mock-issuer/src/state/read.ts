import { isFilled, isObject, type JsonObject, type Rule } from '../judge.js';

/** Says what does not fit in the data of a file, and where. */
export class Misfit extends Error {
  override readonly name = 'Misfit';

  constructor(at: string, expected: string) {
    super(`${at === '' ? 'it' : at.replace(/^\./, '')} must be ${expected}`);
  }
}

/** Gives a value out of a file its type. `at` is the path to it, such as `[0].scope`. @throws Misfit when it has another one. */
export type Read<T> = (value: unknown, at: string) => T;

/** What an options rule accepts; `T` is the type that it accepts. */
export function ruled<T>({ expected, accepts }: Rule): Read<T> {
  return (value, at) => {
    if (!accepts(value)) throw new Misfit(at, expected);
    return value as T;
  };
}

/** A string, not empty. */
export const text: Read<string> = ruled({ expected: 'a string, not empty', accepts: isFilled });

/** A string. */
export const anyText: Read<string> = ruled({ expected: 'a string', accepts: (value) => typeof value === 'string' });

/** A whole number, 0 or more. */
export const whole: Read<number> = ruled({
  expected: 'a whole number, 0 or more',
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
});

export const flag: Read<boolean> = ruled({ expected: 'true or false', accepts: (value) => typeof value === 'boolean' });

export const json: Read<JsonObject> = ruled({ expected: 'an object', accepts: isObject });

/** One of some values. */
export function oneOf<T extends string | number>(...values: readonly T[]): Read<T> {
  return ruled({ expected: `one of ${values.join(', ')}`, accepts: (value) => values.some((one) => one === value) });
}

/** What JSON leaves out when it is undefined. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (value, at) => (value === undefined ? undefined : read(value, at));
}

export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value, at) => (value === null ? null : read(value, at));
}

export function list<T>(read: Read<T>): Read<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Misfit(at, 'an array');
    return value.map((one, index) => read(one, `${at}[${index}]`));
  };
}

/** The members of an object; one that may be left out, or be `undefined`, has an {@link optional} reader. */
type Members<T> = {
  readonly [Name in keyof T]-?: undefined extends T[Name]
    ? Read<T[Name] | undefined>
    : Partial<Pick<T, Name>> extends Pick<T, Name>
      ? Read<T[Name] | undefined>
      : Read<T[Name]>;
};

/** An object with these members and no others. */
export function shape<T extends object>(members: Members<T>): Read<T> {
  const readers: [string, Read<unknown>][] = Object.entries(members);
  return (value, at) => {
    const object = json(value, at);
    const unknown = Object.keys(object).find((name) => !Object.hasOwn(members, name));
    if (unknown !== undefined) throw new Misfit(`${at}.${unknown}`, 'left out: it is unknown');
    const read = readers.map(([name, reader]) => [name, reader(object[name], `${at}.${name}`)] as const);
    return Object.fromEntries(read.filter(([, member]) => member !== undefined)) as T;
  };
}

/** Puts the entries of a map back that was written as `[...map]`. @throws Misfit when they are none. */
export function refill<T>(map: Map<string, T>, data: unknown, read: Read<T>): void {
  for (const [index, entry] of list((one) => one)(data, '').entries()) {
    const at = `[${index}]`;
    if (!Array.isArray(entry) || entry.length !== 2) throw new Misfit(at, 'a name and a value');
    map.set(text(entry[0], `${at}[0]`), read(entry[1], `${at}[1]`));
  }
}
