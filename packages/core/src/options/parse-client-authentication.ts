import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationError } from '../errors.js';
import type { ClientAuthentication } from '../introspection/client-authentication.js';
import { parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { importPrivateKey, type PrivateKey } from '../jws/private-key.js';
import type { ClientCertificate } from '../model/ports.js';
import { memberOf } from '../objects/members.js';
import { bagOf, jsonOctets, nonEmptyString, type OptionBag, oneOf } from './assert.js';

const secretMethods = ['client_secret_basic', 'client_secret_post'] as const;
const tlsMethods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;
const methods = [...secretMethods, 'private_key_jwt', ...tlsMethods] as const;

/** The members of each method beside `method` and `clientId`. */
const members: Readonly<Record<(typeof methods)[number], readonly string[]>> = {
  client_secret_basic: ['clientSecret'],
  client_secret_post: ['clientSecret'],
  private_key_jwt: ['privateKey'],
  tls_client_auth: ['certificate', 'privateKey'],
  self_signed_tls_client_auth: ['certificate', 'privateKey'],
};

/**
 * @param hasOwnFetch whether the application has configured a custom `fetch`, which then presents
 *   the client certificate itself
 * @throws {ConfigurationError} naming the member; its text contains no secret
 */
export function parseClientAuthentication(option: string, value: unknown, hasOwnFetch: boolean): ClientAuthentication {
  const method = oneOf(`${option}.method`, memberOf(Object(value), 'method'), methods);
  const bag = bagOf(option, value, ['method', 'clientId', ...members[method]]);
  const clientId = nonEmptyString(`${option}.clientId`, bag['clientId']);
  switch (method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return Object.freeze({ method, clientId, secret: nonEmptyString(`${option}.clientSecret`, bag['clientSecret']) });
    case 'private_key_jwt':
      return Object.freeze({ method, clientId, key: parsePrivateKey(`${option}.privateKey`, bag['privateKey']) });
    default:
      return Object.freeze({ method, clientId, certificate: parseCertificate(option, bag, hasOwnFetch) });
  }
}

function parsePrivateKey(option: string, value: unknown): PrivateKey {
  if (typeof value !== 'object' || value === null)
    throw new ConfigurationError(option, 'must be a private JWK as an object');
  const jwk = parseJsonObject(jsonOctets(value));
  const key = jwk instanceof Malformed ? jwk : importPrivateKey(jwk);
  if (key instanceof Malformed) throw new ConfigurationError(option, `must be a private JWK (${key.reason})`);
  return key;
}

function parseCertificate(option: string, bag: OptionBag, hasOwnFetch: boolean): ClientCertificate | undefined {
  const { certificate, privateKey } = bag;
  if (hasOwnFetch) {
    if (certificate === undefined && privateKey === undefined) return undefined;
    throw new ConfigurationError(
      `${option}.certificate`,
      'cannot be combined with a custom fetch; configure the certificate in that fetch',
    );
  }
  const cert = nonEmptyString(`${option}.certificate`, certificate);
  const key = nonEmptyString(`${option}.privateKey`, privateKey);
  if (!isKeyOfCertificate(cert, key)) {
    throw new ConfigurationError(
      `${option}.certificate`,
      'must be a certificate in PEM that belongs to privateKey, a private key in PEM',
    );
  }
  return Object.freeze({ cert, key });
}

function isKeyOfCertificate(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
