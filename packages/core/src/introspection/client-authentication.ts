import { randomUUID } from 'node:crypto';
import type { PrivateKey } from '../jws/private-key.js';
import type { ClientCertificate } from '../model/ports.js';

/**
 * Our client id at an introspection endpoint, and how we authenticate there.
 *
 * @see RFC 7662 section 2.1
 */
export type ClientAuthentication =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly secret: string;
    }
  | { readonly method: 'private_key_jwt'; readonly clientId: string; readonly key: PrivateKey }
  | {
      readonly method: 'tls_client_auth' | 'self_signed_tls_client_auth';
      readonly clientId: string;
      /** `undefined` if a custom `fetch` provides the certificate. */
      readonly certificate: ClientCertificate | undefined;
    };

/** Our credentials for one request. */
export interface Credentials {
  /** Form parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
  /** Client certificate of the TLS connection. */
  readonly certificate?: ClientCertificate;
}

/** Lifetime of a client assertion. */
const assertionSeconds = 60;

/**
 * Creates the credentials for one request.
 *
 * @param issuer the audience of an assertion (RFC 10070: only the issuer identifier, never the
 *   endpoint)
 * @param now in milliseconds since the epoch
 */
export async function authenticate(client: ClientAuthentication, issuer: string, now: number): Promise<Credentials> {
  const { clientId } = client;
  switch (client.method) {
    case 'client_secret_basic':
      return { parameters: {}, authorization: basic(clientId, client.secret) };
    case 'client_secret_post':
      return { parameters: { client_id: clientId, client_secret: client.secret } };
    case 'private_key_jwt':
      return { parameters: await assertion(clientId, client.key, issuer, Math.floor(now / 1000)) };
    default:
      return { parameters: { client_id: clientId }, ...(client.certificate && { certificate: client.certificate }) };
  }
}

/**
 * Both values are form-encoded first. A colon in the client id then does not separate it from the
 * secret.
 *
 * @see RFC 6749 section 2.3.1
 */
function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/**
 * A client assertion: short-lived, and used for one request only.
 *
 * @see RFC 7523 section 2.2
 */
async function assertion(
  clientId: string,
  key: PrivateKey,
  audience: string,
  now: number,
): Promise<Credentials['parameters']> {
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + assertionSeconds,
  };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await key.sign({ typ: 'client-authentication+jwt' }, claims),
  };
}
