import { ConfigurationError } from '../errors.js';
import type { IssuerSnapshot } from '../model/ports.js';
import { bagOf, isPlainObject, nonEmptyString, numberIn, oneOf } from './assert.js';

/** Judges a snapshot, which was outside of this process and is believed only in its shape. */
export function judgeSeed(option: string, value: unknown): ReadonlyMap<string, IssuerSnapshot> {
  if (value === undefined) return new Map();
  const { version, issuers } = bagOf(option, value, ['version', 'issuers']);
  oneOf(`${option}.version`, version, [1]);
  if (!Array.isArray(issuers)) throw new ConfigurationError(`${option}.issuers`, 'must be a list');
  const seeds = issuers.map((one, at) => judgeIssuerSeed(`${option}.issuers[${at}]`, one));
  return new Map(seeds.map((seed) => [seed.issuer, seed]));
}

function judgeIssuerSeed(option: string, value: unknown): IssuerSnapshot {
  const { issuer, fetchedAt, freshSeconds, jwks } = bagOf(option, value, [
    'issuer',
    'fetchedAt',
    'freshSeconds',
    'jwks',
  ]);
  if (!isPlainObject(jwks)) throw new ConfigurationError(`${option}.jwks`, 'must be a JWK set');
  return Object.freeze({
    issuer: nonEmptyString(`${option}.issuer`, issuer),
    fetchedAt: numberIn(`${option}.fetchedAt`, fetchedAt, 0, Number.MAX_SAFE_INTEGER),
    freshSeconds: numberIn(`${option}.freshSeconds`, freshSeconds, 0, Number.MAX_SAFE_INTEGER),
    jwks,
  });
}
