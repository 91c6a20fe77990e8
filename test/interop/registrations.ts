import { randomUUID, X509Certificate } from 'node:crypto';
import type { ClientAuthenticationOptions } from '@resource-server/core';
import type { ClientMetadata, JWK } from 'oidc-provider';
import { certify, type Identity, x5cOf } from '../../packages/mock-issuer/test/certificate.js';
import { mintKey } from './keys.js';

/** Who vouches for servers and clients. */
export const authority: Identity = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
const stranger = certify({ subject: [['CN', 'Stranger']], isAuthority: true });

/** The name in the certificate of an API. */
const dnsName = 'api.example.com';

/** How an API shows an authorization server who it is, and what the server knows of it. */
export interface Registration {
  readonly method: ClientAuthenticationOptions['method'];
  readonly client: ClientMetadata;
  readonly right: ClientAuthenticationOptions;
  /** As an impostor would, or somebody who mistyped. */
  readonly wrong: ClientAuthenticationOptions;
}

/** APIs that call themselves `name`, one a method. */
export async function registerWithEveryMethod(name: string): Promise<readonly Registration[]> {
  return [
    withSecret(name, 'client_secret_basic'),
    withSecret(name, 'client_secret_post'),
    await withKey(name),
    withCertificate(name, 'tls_client_auth'),
    withCertificate(name, 'self_signed_tls_client_auth'),
  ];
}

/** An API by a secret. Name and secret have what a form, a colon and base64 could stumble over. */
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
    // The same names, by somebody else.
    wrong: isSelfSigned ? certificate() : certificate(stranger),
  };
}

/** A client that gets no tokens: it asks about those of others. */
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
