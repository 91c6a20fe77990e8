import { hash } from 'node:crypto';
import type { ClaimsSettings } from '../claims/rule.js';
import type { ClientAuthentication } from '../introspection/client-authentication.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { bagOf, type OptionBag, oneOf, stringList, valueOr } from './assert.js';
import { parseClientAuthentication } from './parse-client-authentication.js';
import { parseEndpoint } from './parse-urls.js';

/** The parsed {@link IntrospectionOptions} of one issuer. */
export interface IntrospectionSettings {
  readonly endpoint: URL | undefined;
  readonly mode: 'opaque' | 'always';
  readonly client: ClientAuthentication;
  readonly isSigned: boolean;
  readonly claims: ClaimsSettings;
  /**
   * Issuer, endpoint, client and the hash of its credentials. Cached answers of one endpoint to one
   * client are kept apart from all others by it.
   */
  readonly identity: readonly string[];
}

/** The parsed options of the issuer that introspection depends on. */
interface IssuerContext {
  readonly issuer: string;
  readonly audience: readonly string[] | null;
  readonly scopeClaims: unknown;
  readonly plainHttp: FetchTerms['plainHttp'];
  readonly hasOwnFetch: boolean;
}

const known = ['endpoint', 'mode', 'clientAuthentication', 'signedResponse'];

/**
 * @param option path of the group, for errors
 * @throws {ConfigurationError} naming the member
 */
export function parseIntrospection(option: string, value: unknown, context: IssuerContext): IntrospectionSettings {
  const bag = bagOf(option, value, known);
  const { issuer, audience, scopeClaims, plainHttp } = context;
  const endpoint =
    bag['endpoint'] === undefined ? undefined : parseEndpoint(`${option}.endpoint`, bag['endpoint'], plainHttp);
  const authentication = `${option}.clientAuthentication`;
  const client = parseClientAuthentication(authentication, bag['clientAuthentication'], context.hasOwnFetch);
  return Object.freeze({
    endpoint,
    mode: oneOf(`${option}.mode`, valueOr(bag, 'mode', 'opaque'), ['opaque', 'always'] as const),
    client,
    isSigned: oneOf(`${option}.signedResponse`, valueOr(bag, 'signedResponse', false), [true, false]),
    claims: Object.freeze({
      profile: 'introspection' as const,
      issuer,
      audience,
      scopeClaims: scopeClaims === undefined ? ['scope'] : stringList('scopeClaims', scopeClaims),
    }),
    identity: Object.freeze([issuer, endpoint?.href ?? '', client.clientId, credentialsHash(bag)]),
  });
}

function credentialsHash(bag: OptionBag): string {
  return hash('sha256', JSON.stringify(bag['clientAuthentication']), 'base64url');
}
