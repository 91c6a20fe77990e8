import { isFilled } from '../judge.js';
import type { ClientAuthenticationMethod } from './authentication-method.js';
import { subjectMembers } from './certificate-subject.js';
import type { ClientRegistration, ResourceServerRegistration } from './client-registration.js';

type Given = Partial<ClientRegistration & ResourceServerRegistration>;

interface Need {
  readonly problem: string;
  readonly isMet: (given: Given) => boolean;
}

const secret: Need = {
  problem: "'client_secret' is needed",
  isMet: (given) => given.client_secret !== undefined,
};
const keys: Need = {
  problem: "'jwks' or 'jwks_uri' is needed",
  isMet: ({ jwks, jwks_uri }) => jwks !== undefined || jwks_uri !== undefined,
};
const certificates: Need = {
  problem: "'jwks' must have a certificate in x5c",
  isMet: ({ jwks }) => jwks === undefined || jwks.keys.some(({ x5c }) => isFilled(x5c?.[0])),
};
const subject: Need = {
  problem: "'tls_client_auth_...' members must be one and no more",
  isMet: (given) => subjectMembers.filter((member) => given[member] !== undefined).length === 1,
};

/** What a client must be registered with for each method. */
const needs: Readonly<Record<ClientAuthenticationMethod, readonly Need[]>> = {
  client_secret_basic: [secret],
  client_secret_post: [secret],
  private_key_jwt: [keys],
  tls_client_auth: [subject],
  self_signed_tls_client_auth: [keys, certificates],
  none: [],
};

/** What a registration lacks for its method, or has twice: keys come by value or by address (RFC 7591 section 2). */
export function lackingFor(method: ClientAuthenticationMethod, given: Given): string | undefined {
  if (given.jwks !== undefined && given.jwks_uri !== undefined) return "'jwks' and 'jwks_uri' must not both be there";
  const lacking = needs[method].find((need) => !need.isMet(given));
  return lacking && `${lacking.problem}, for the 'token_endpoint_auth_method' ${method}`;
}
