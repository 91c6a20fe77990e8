import type { Documented } from '../configuration.js';
import type { OpenLibrary } from '../libraries/library.js';

/** The settings of every subject: the issuer, and the client credentials of the API. Plain data. */
export interface Registration {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Replaces the registration where a configuration is printed. */
export const anyRegistration: Registration = {
  issuer: 'ISSUER',
  audience: 'AUDIENCE',
  clientId: 'CLIENT',
  clientSecret: 'SECRET',
};

/** A library that introspects opaque tokens at an issuer. */
export interface Introspector extends Documented {
  /** The options, as printed. */
  configuration(registration: Registration): unknown;
  open(registration: Registration): Promise<OpenLibrary>;
}

/**
 * The checks that applications must add where a library only returns the answer: audience and
 * expiry.
 */
export function isForUs(answer: object, { audience }: Registration): boolean {
  const { active, aud, exp } = answer as { active?: unknown; aud?: unknown; exp?: unknown };
  const isCurrent = exp === undefined || (typeof exp === 'number' && exp > Date.now() / 1000);
  return active === true && [aud].flat().includes(audience) && isCurrent;
}
