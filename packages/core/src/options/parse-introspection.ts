import { hash } from 'node:crypto';
import type { ClaimsSettings } from '../claims/rule.js';
import type { ClientAuthentication } from '../introspection/client-authentication.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { bagOf, type OptionBag, oneOf, stringList, valueOr } from './assert.js';
import { parseClientAuthentication } from './parse-client-authentication.js';
import { parseEndpoint } from './parse-urls.js';

/** How tokens of one issuer are introspected, as the rooms take it. */
export interface IntrospectionSettings {
  readonly endpoint: URL | undefined;
  readonly mode: 'opaque' | 'always';
  readonly client: ClientAuthentication;
  readonly isSigned: boolean;
  readonly claims: ClaimsSettings;
  /** Who asks whom, secrets by their hash: what tells answers of one endpoint to one client from all others. */
  readonly identity: readonly string[];
}

/** What the issuer's other options say. */
interface Surroundings {
  readonly issuer: string;
  readonly audience: readonly string[] | null;
  readonly scopeClaims: unknown;
  readonly plainHttp: FetchTerms['plainHttp'];
  readonly hasOwnFetch: boolean;
}

const known = ['endpoint', 'mode', 'clientAuthentication', 'signedResponse'];

/** @param option where it stands among the options */
export function parseIntrospection(option: string, value: unknown, around: Surroundings): IntrospectionSettings {
  const bag = bagOf(option, value, known);
  const { issuer, audience, scopeClaims, plainHttp } = around;
  const endpoint =
    bag['endpoint'] === undefined ? undefined : parseEndpoint(`${option}.endpoint`, bag['endpoint'], plainHttp);
  const authentication = `${option}.clientAuthentication`;
  const client = parseClientAuthentication(authentication, bag['clientAuthentication'], around.hasOwnFetch);
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
