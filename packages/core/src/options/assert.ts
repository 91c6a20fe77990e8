import { ConfigurationError } from '../errors.js';
import { bare, emptyBare } from '../objects/bare.js';

/**
 * A copy of an options object without a prototype. Its names are known; its values are unchecked.
 */
export type OptionBag = Readonly<Record<string, unknown>>;

/** The bag of an option group that is absent. */
export const noOptions: OptionBag = Object.freeze(emptyBare()) as OptionBag;

/**
 * Copies an options object and checks its names. A mistyped name would otherwise silently become
 * the default. The copy has no prototype, so that a polluted `Object.prototype` sets no option.
 * Every value is read once.
 *
 * @param option path of the object, for the error
 * @param known the names that the object may have
 * @throws {ConfigurationError} for a value that is not a plain object, and for an unknown name
 */
export function bagOf(option: string, value: unknown, known: readonly string[]): OptionBag {
  if (!isPlainObject(value)) throw new ConfigurationError(option, 'must be a plain object');
  const bag: OptionBag = bare(value) as OptionBag;
  const unknown = Object.keys(bag).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const path = option === 'options' ? unknown : `${option}.${unknown}`;
    throw new ConfigurationError(path, `is not an option; the options here are ${known.join(', ')}`);
  }
  return bag;
}

/** Whether `value` is an object literal: not a list, a Map or an instance of a class. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value of an option, or its default where it is absent or `undefined`. `null` is a value. */
export function valueOr(bag: OptionBag, name: string, otherwise: unknown): unknown {
  return bag[name] === undefined ? otherwise : bag[name];
}

/** @throws {ConfigurationError} for a value that is not a number from `minimum` to `maximum` */
export function numberIn(option: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new ConfigurationError(option, `must be a number ${range}; found ${typeOrNumber(value)}`);
  }
  return value;
}

/** The number itself, or the type of another value. The content of a string may be a secret. */
function typeOrNumber(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}

/**
 * @throws {ConfigurationError} for a value that is not a whole number from `minimum` to `maximum`
 */
export function wholeNumberIn(option: string, value: unknown, minimum: number, maximum: number): number {
  const number = numberIn(option, value, minimum, maximum);
  if (!Number.isInteger(number)) throw new ConfigurationError(option, `must be a whole number; found ${number}`);
  return number;
}

/** @throws {ConfigurationError} for a value that is not one of `allowed` */
export function oneOf<T>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new ConfigurationError(option, `must be ${allowed.map((name) => JSON.stringify(name)).join(' or ')}`);
  }
  return found;
}

/** @throws {ConfigurationError} for a value that is not a non-empty string */
export function nonEmptyString(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new ConfigurationError(option, 'must be a non-empty string');
  return value;
}

/** @throws {ConfigurationError} for a value that is not an array with at least one element */
export function nonEmptyList(option: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigurationError(option, 'must be an array with at least one element');
  return value;
}

/**
 * @returns a frozen copy
 * @throws {ConfigurationError} for a value that is not an array of non-empty strings
 */
export function stringList(option: string, value: unknown): readonly string[] {
  return Object.freeze(nonEmptyList(option, value).map((item) => nonEmptyString(option, item)));
}

/** JSON text in UTF-8; no octets for a value that JSON cannot express. */
export function jsonOctets(value: object): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return new Uint8Array();
  }
}
