import { ConfigurationError } from '../errors.js';
import { bare, emptyBare } from '../objects/bare.js';

/** A copy of an object of options, without a prototype: its names known, its values still to be judged. */
export type OptionBag = Readonly<Record<string, unknown>>;

/** The bag of an option group that was not given. */
export const noOptions: OptionBag = Object.freeze(emptyBare()) as OptionBag;

/**
 * Takes `value` for an object whose names are all among `known`. A mistyped name must not become a default,
 * and what `Object.prototype` was given by somebody must not become an option. Every value is read once.
 */
export function bagOf(option: string, value: unknown, known: readonly string[]): OptionBag {
  if (!isPlainObject(value)) throw new ConfigurationError(option, 'must be a plain object');
  const bag: OptionBag = bare(value) as OptionBag;
  const unknown = Object.keys(bag).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const path = option === 'options' ? unknown : `${option}.${unknown}`;
    throw new ConfigurationError(path, `is not an option; there are ${known.join(', ')}`);
  }
  return bag;
}

/** Whether `value` is an object that was written as one: no list, no Map, no instance of a class. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value of an option, or its default where it was not given. `null` is a value. */
export function valueOr(bag: OptionBag, name: string, otherwise: unknown): unknown {
  return bag[name] === undefined ? otherwise : bag[name];
}

export function numberIn(option: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new ConfigurationError(option, `must be a number ${range}`);
  }
  return value;
}

export function wholeNumberIn(option: string, value: unknown, minimum: number, maximum: number): number {
  const number = numberIn(option, value, minimum, maximum);
  if (!Number.isInteger(number)) throw new ConfigurationError(option, 'must be a whole number');
  return number;
}

export function oneOf<T>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new ConfigurationError(option, `must be ${allowed.map((name) => JSON.stringify(name)).join(' or ')}`);
  }
  return found;
}

export function nonEmptyString(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new ConfigurationError(option, 'must be a non-empty string');
  return value;
}

export function nonEmptyList(option: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigurationError(option, 'must be a list of at least one');
  return value;
}

export function stringList(option: string, value: unknown): readonly string[] {
  return Object.freeze(nonEmptyList(option, value).map((item) => nonEmptyString(option, item)));
}

/** As JSON; no octets where JSON has no words for it. */
export function jsonOctets(value: object): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return new Uint8Array();
  }
}
