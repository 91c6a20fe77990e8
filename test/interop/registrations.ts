import { randomUUID, X509Certificate } from 'node:crypto';
import type { ClientAuthenticationOptions } from '@resource-server/core';
import type { ClientMetadata, JWK } from 'oidc-provider';
import { certify, type Identity, x5cOf } from '../../packages/mock-issuer/test/certificate.js';
import { mintKey } from './keys.js';

/** Signs the certificates of servers and clients. */
export const authority: Identity = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
const unknownAuthority = certify({ subject: [['CN', 'Unknown CA']], isAuthority: true });

/** The name in the certificate of an API. */
const dnsName = 'api.example.com';

/** The credentials of an API at an authorization server, and its registration there. */
export interface Registration {
  readonly method: ClientAuthenticationOptions['method'];
  readonly client: ClientMetadata;
  readonly right: ClientAuthenticationOptions;
  /** Credentials that the server must refuse. */
  readonly wrong: ClientAuthenticationOptions;
}

/** One API for each authentication method, with `name` in its client id. */
export async function registerWithEveryMethod(name: string): Promise<readonly Registration[]> {
  return [
    withSecret(name, 'client_secret_basic'),
    withSecret(name, 'client_secret_post'),
    await withKey(name),
    withCertificate(name, 'tls_client_auth'),
    withCertificate(name, 'self_signed_tls_client_auth'),
  ];
}

/**
 * An API with a secret. Its id and secret contain characters that form, colon and base64 encoding
 * must preserve.
 */
export function withSecret(name: string, method: 'client_secret_basic' | 'client_secret_post'): Registration {
  const clientId = `urn:${name}:${method}:100% +&=?/"`;
  const clientSecret = `${randomUUID()} :%3A+&=/?#~"\\`;
  return {
    method,
    client: { ...registered(clientId, method), client_secret: clientSecret },
    right: { method, clientId, clientSecret },
    wrong: { method, clientId, clientSecret: `${clientSecret}x` },
  };
}

async function withKey(name: string): Promise<Registration> {
  const method = 'private_key_jwt';
  const clientId = `urn:${name}:${method}`;
  const [key, other] = await Promise.all([mintKey('ES256'), mintKey('ES256')]);
  const { d: _, ...publicKey } = key as JWK & { d: string };
  return {
    method,
    client: { ...registered(clientId, method), jwks: { keys: [publicKey as JWK] } },
    right: { method, clientId, privateKey: key },
    wrong: { method, clientId, privateKey: { ...other, kid: String(key.kid) } },
  };
}

function withCertificate(name: string, method: 'tls_client_auth' | 'self_signed_tls_client_auth'): Registration {
  const clientId = `urn:${name}:${method}`;
  const certificate = (by?: Identity) => {
    const { cert, key } = certify({
      subject: [['CN', 'api']],
      names: [['dns', dnsName]],
      ...(by && { by }),
    });
    return { method, clientId, certificate: cert, privateKey: key };
  };
  const isSelfSigned = method === 'self_signed_tls_client_auth';
  const right = isSelfSigned ? certificate() : certificate(authority);
  const known = isSelfSigned
    ? { jwks: { keys: [{ ...ecKeyOf(right.certificate), x5c: [x5cOf({ cert: right.certificate, key: '' })] }] } }
    : { tls_client_auth_san_dns: dnsName };
  return {
    method,
    client: { ...registered(clientId, method), ...known },
    right,
    // The same names, signed by another authority.
    wrong: isSelfSigned ? certificate() : certificate(unknownAuthority),
  };
}

/** A client without grants: it only introspects tokens of other clients. */
function registered(clientId: string, method: Registration['method']): ClientMetadata {
  return {
    client_id: clientId,
    token_endpoint_auth_method: method,
    grant_types: [],
    response_types: [],
    redirect_uris: [],
  };
}

function ecKeyOf(certificate: string): JWK {
  return new X509Certificate(certificate).publicKey.export({ format: 'jwk' }) as JWK;
}
