import type { Documented } from '../configuration.js';
import type { OpenLibrary } from '../libraries/library.js';

/** What every subject is told: whom to ask about opaque tokens, and who it is. Plain data. */
export interface Registration {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Stands in for a registration where a configuration is shown. */
export const anyRegistration: Registration = {
  issuer: 'ISSUER',
  audience: 'AUDIENCE',
  clientId: 'CLIENT',
  clientSecret: 'SECRET',
};

/** A library that asks an issuer what an opaque token is worth. */
export interface Introspector extends Documented {
  /** Its options, as printed. */
  configuration(registration: Registration): unknown;
  open(registration: Registration): Promise<OpenLibrary>;
}

/** What has to be looked at by hand, where a library hands the issuer's answer on: active is not yet for us. */
export function isForUs(answer: object, { audience }: Registration): boolean {
  const { active, aud, exp } = answer as { active?: unknown; aud?: unknown; exp?: unknown };
  const isCurrent = exp === undefined || (typeof exp === 'number' && exp > Date.now() / 1000);
  return active === true && [aud].flat().includes(audience) && isCurrent;
}
