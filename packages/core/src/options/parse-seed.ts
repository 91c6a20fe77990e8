import { ConfigurationError } from '../errors.js';
import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { IssuerSnapshot } from '../model/ports.js';
import { bagOf, isPlainObject, jsonOctets, nonEmptyString, numberIn, oneOf } from './assert.js';

/** A snapshot whose key set has passed the parser of fetched documents. */
export interface IssuerSeed extends IssuerSnapshot {
  readonly jwks: JsonObject;
}

/**
 * Parses a snapshot. It was stored outside of this process, so its shape is checked completely. Its
 * content cannot be checked: an attacker who can write the snapshot can replace the keys.
 *
 * @returns the snapshot of each issuer, by issuer identifier
 * @throws {ConfigurationError} naming the member
 */
export function parseSeed(option: string, value: unknown): ReadonlyMap<string, IssuerSeed> {
  if (value === undefined) return new Map();
  const { version, issuers } = bagOf(option, value, ['version', 'issuers']);
  oneOf(`${option}.version`, version, [1]);
  if (!Array.isArray(issuers)) throw new ConfigurationError(`${option}.issuers`, 'must be an array');
  const seeds = issuers.map((one, at) => parseIssuerSeed(`${option}.issuers[${at}]`, one));
  return new Map(seeds.map((seed) => [seed.issuer, seed]));
}

function parseIssuerSeed(option: string, value: unknown): IssuerSeed {
  const { issuer, fetchedAt, freshSeconds, jwks } = bagOf(option, value, [
    'issuer',
    'fetchedAt',
    'freshSeconds',
    'jwks',
  ]);
  return Object.freeze({
    issuer: nonEmptyString(`${option}.issuer`, issuer),
    fetchedAt: numberIn(`${option}.fetchedAt`, fetchedAt, 0, Number.MAX_SAFE_INTEGER),
    freshSeconds: numberIn(`${option}.freshSeconds`, freshSeconds, 0, Number.MAX_SAFE_INTEGER),
    jwks: parseKeys(`${option}.jwks`, jwks),
  });
}

function parseKeys(option: string, value: unknown): JsonObject {
  const parsed = isPlainObject(value) ? parseJsonObject(jsonOctets(value)) : undefined;
  if (parsed === undefined || parsed instanceof Malformed || !Array.isArray(parsed['keys'])) {
    throw new ConfigurationError(option, 'must be a JWK set: an object with an array in keys');
  }
  return parsed;
}
