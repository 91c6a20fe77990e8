import { X509Certificate } from 'node:crypto';
import { createMockIssuer, type MockIssuerOptions } from '@resource-server/mock-issuer';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { certify, x5cOf } from '../../../mock-issuer/test/certificate.js';
import type { ClientAuthenticationOptions } from '../../src/options/introspection-options.js';
import { everyAlgorithm, signerOf } from '../support/signers.js';
import { audience, bearer, verdict } from '../support-network/ask.js';
import { introspecting } from '../support-network/introspecting.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/**
 * The verdict on a good opaque token with this registration at the issuer and this
 * clientAuthentication.
 */
async function outcome(
  registration: object,
  clientAuthentication: ClientAuthenticationOptions,
  options: MockIssuerOptions = {},
): Promise<string> {
  const resourceServers = [{ client_id: 'a:b%c', ...registration }];
  const issuer = await createMockIssuer({ alg: 'ES256', audience, resourceServers, ...options });
  onTestFinished(() => issuer.close());
  const server = introspecting(issuer, { introspection: { clientAuthentication } });
  return verdict(await server.check(bearer(await issuer.token({ format: 'opaque' }))));
}

const clientId = 'a:b%c';

describe('client authentication of introspection, by the method', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'introspection with %s works with the registered secret only',
    async (method) => {
      const registration = { token_endpoint_auth_method: method, client_secret: 'd:é f%+' };
      expect(await outcome(registration, { method, clientId, clientSecret: 'd:é f%+' })).toBe('granted');
      expect(await outcome(registration, { method, clientId, clientSecret: 'd:é f% ' })).toBe(
        'introspection_unavailable',
      );
    },
  );

  it.each(everyAlgorithm)(
    'introspection with private_key_jwt and %s works with the registered key only',
    async (algorithm) => {
      const { jwk, privateKey } = signerOf(algorithm);
      const registration = {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...jwk, kid: 'k1' }] },
      };
      const registered = { ...privateKey.export({ format: 'jwk' }), alg: algorithm, kid: 'k1' };
      const other = { ...signerOf('ES384').privateKey.export({ format: 'jwk' }), kid: 'k1' };
      const method = 'private_key_jwt';
      expect(await outcome(registration, { method, clientId, privateKey: registered })).toBe('granted');
      expect(await outcome(registration, { method, clientId, privateKey: other })).toBe('introspection_unavailable');
    },
  );

  it('introspection with a TLS certificate works with the registered certificate only', async () => {
    // The test is about the client certificate, so the server certificate is not verified.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const ca = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
    const identity = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
    const options = { tls: { ...identity, ca: ca.cert } };
    const registered = certify({ subject: [['CN', 'api']], by: ca });
    const selfSigned = certify({ subject: [['CN', 'api']] });
    const byAuthority = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=api' };
    const bySelfSigned = {
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [{ kty: 'EC', ...x5cKey(selfSigned) }] },
    };
    const authenticateWith = (
      method: 'tls_client_auth' | 'self_signed_tls_client_auth',
      { cert, key }: typeof registered,
    ) => ({ method, clientId, certificate: cert, privateKey: key }) as const;
    const outcomes = [
      await outcome(byAuthority, authenticateWith('tls_client_auth', registered), options),
      await outcome(byAuthority, authenticateWith('tls_client_auth', selfSigned), options),
      await outcome(bySelfSigned, authenticateWith('self_signed_tls_client_auth', selfSigned), options),
      await outcome(bySelfSigned, authenticateWith('self_signed_tls_client_auth', registered), options),
    ];
    expect(outcomes).toEqual(['granted', 'introspection_unavailable', 'granted', 'introspection_unavailable']);
  });
});

/** A public key as a JWK with its certificate. */
function x5cKey(identity: { cert: string; key: string }): object {
  const jwk = new X509Certificate(identity.cert).publicKey.export({ format: 'jwk' });
  return { ...jwk, x5c: [x5cOf(identity)] };
}
