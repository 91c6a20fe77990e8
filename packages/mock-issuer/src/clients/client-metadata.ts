import { OAuthError } from '../http/oauth-error.js';
import { isFilled, isFilledList, isObject, type JsonObject, type Rule } from '../judge.js';
import type { ClientAuthenticationMethod } from './authentication-method.js';
import type { ClientRegistration } from './client-registration.js';
import { clientRules } from './judge-registrations.js';
import { lackingFor } from './method-needs.js';
import { redirectUriFault } from './redirect-uri-fault.js';
import { assertNoSoftwareStatement } from './software-statement.js';

/** What clients that nobody here has registered can be registered for. */
export interface RegistrationTerms {
  readonly methods: readonly ClientAuthenticationMethod[];
  readonly grantTypes: readonly string[];
  /** The method of who names none. */
  readonly defaultMethod: ClientAuthenticationMethod;
}

/** Metadata of a client (RFC 7591 section 2) that was judged: members that are known here and nothing else, with defaults filled in. */
export type ClientMetadata = Omit<ClientRegistration, 'client_id' | 'client_secret'> &
  Readonly<JsonObject> & {
    readonly token_endpoint_auth_method: ClientAuthenticationMethod;
    readonly grant_types: readonly string[];
    readonly response_types: readonly string[];
  };

const isWebPage = (value: unknown): boolean => isFilled(value) && /^https?:/i.test(value) && URL.canParse(value);
const webPage: Rule = { expected: 'the URL of a web page', accepts: isWebPage };
const text: Rule = { expected: 'a string, not empty', accepts: isFilled };

/** What the id and the secret are is not for the client to say. */
const { client_id: _id, client_secret: _secret, ...sameAsInOptions } = clientRules;

/** The rules that do not depend on what this issuer can do. */
const rules: Readonly<Record<string, Rule>> = {
  ...sameAsInOptions,
  redirect_uris: { expected: 'an array', accepts: Array.isArray },
  scope: {
    expected: 'words of visible ASCII, with spaces between them',
    accepts: (value) => typeof value === 'string' && /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(value),
  },
  response_types: {
    expected: 'an array of code alone, or an empty one',
    accepts: (value) => Array.isArray(value) && value.every((one) => one === 'code'),
  },
  client_uri: webPage,
  logo_uri: webPage,
  tos_uri: webPage,
  policy_uri: webPage,
  contacts: { expected: 'an array, not empty, of strings', accepts: isFilledList },
  software_id: text,
  software_version: text,
};

/** Those that people read, and that may come in several languages, as `client_name#de` (RFC 7591 section 2.2). */
const READABLE = /^(client_name|client_uri|logo_uri|tos_uri|policy_uri)(?:#[A-Za-z0-9-]+)?$/;

/**
 * Judges metadata that came over the network. Members that are not known here are left out (RFC 7591 section 2).
 *
 * @throws OAuthError naming the member: invalid_redirect_uri, invalid_client_metadata, and the two for software statements.
 */
export function judgeClientMetadata(sent: unknown, terms: RegistrationTerms): ClientMetadata {
  if (!isObject(sent)) throw invalidMetadata('the metadata must be a JSON object');
  assertNoSoftwareStatement(sent['software_statement']);
  const known = Object.entries(sent).filter(([name, value]) => isKnown(name, value, terms));
  const metadata = withDefaults(Object.fromEntries(known), terms);
  assertRedirectUris(metadata);
  assertConsistent(metadata);
  return metadata;
}

/** @throws OAuthError invalid_client_metadata when it is known, and its value is not what it must be. */
function isKnown(name: string, value: unknown, terms: RegistrationTerms): boolean {
  const base = READABLE.exec(name)?.[1] ?? name;
  const rule = choices(terms)[base] ?? (Object.hasOwn(rules, base) ? rules[base] : undefined);
  if (rule === undefined) return false;
  if (!rule.accepts(value)) throw invalidMetadata(`'${name}' must be ${rule.expected}`);
  return true;
}

/** The rules for what depends on this issuer. */
function choices({ methods, grantTypes }: RegistrationTerms): Readonly<Record<string, Rule | undefined>> {
  const isAmong = (list: readonly string[], value: unknown): boolean => list.some((one) => one === value);
  return Object.assign(Object.create(null), {
    token_endpoint_auth_method: {
      expected: `one of ${methods.join(', ')} here`,
      accepts: (value: unknown) => isAmong(methods, value),
    },
    grant_types: {
      expected: `an array, not empty, of some of ${grantTypes.join(', ')}`,
      accepts: (value: unknown) => isFilledList(value) && value.every((one) => isAmong(grantTypes, one)),
    },
    // Where there is no TLS there are no certificates, and a client that asks for such tokens would get others.
    tls_client_certificate_bound_access_tokens: isAmong(methods, 'self_signed_tls_client_auth')
      ? clientRules.tls_client_certificate_bound_access_tokens
      : { expected: 'false here: there is no TLS', accepts: (value: unknown) => value === false },
  });
}

/** RFC 7591 section 2 has the defaults; without the grant for codes nobody is sent back with one. */
function withDefaults(known: Readonly<JsonObject>, { defaultMethod }: RegistrationTerms): ClientMetadata {
  // Each member that is there has passed its rule.
  const given = known as Partial<ClientMetadata>;
  const grant_types = given.grant_types ?? ['authorization_code'];
  const response_types = given.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : []);
  return { token_endpoint_auth_method: defaultMethod, ...given, grant_types, response_types };
}

/** @throws OAuthError invalid_redirect_uri saying which one, and why. */
function assertRedirectUris({ redirect_uris = [], grant_types }: ClientMetadata): void {
  if (redirect_uris.length === 0 && grant_types.includes('authorization_code')) {
    throw new OAuthError('invalid_redirect_uri', "'redirect_uris' is needed, for the grant authorization_code");
  }
  for (const [at, uri] of redirect_uris.entries()) {
    const fault = redirectUriFault(uri);
    if (fault !== undefined) throw new OAuthError('invalid_redirect_uri', `'redirect_uris'[${at}] ${fault}`);
  }
}

/** Grants for clients that show who they are, and no others. */
const confidentialGrants = ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'];

/** RFC 7591 section 2.1 has no client get into a state in which it could not work. */
function assertConsistent(metadata: ClientMetadata): void {
  const { grant_types, response_types, token_endpoint_auth_method: method } = metadata;
  if (grant_types.includes('authorization_code') !== response_types.includes('code')) {
    throw invalidMetadata(
      "the 'response_types' code goes with the 'grant_types' authorization_code, and neither alone",
    );
  }
  const confidential = method === 'none' ? grant_types.find((grant) => confidentialGrants.includes(grant)) : undefined;
  if (confidential !== undefined) {
    throw invalidMetadata(`the 'grant_types' ${confidential} is not for the 'token_endpoint_auth_method' none`);
  }
  // The secret is made here.
  const lacking = lackingFor(method, { ...metadata, client_secret: 'made here' });
  if (lacking !== undefined) throw invalidMetadata(lacking);
}

function invalidMetadata(problem: string): OAuthError {
  return new OAuthError('invalid_client_metadata', problem);
}
