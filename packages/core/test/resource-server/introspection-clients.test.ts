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

/** What a good opaque token comes to where the issuer knows us so and we show ourselves so. */
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

describe('an issuer knows us', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)('by %s, and by no other secret', async (method) => {
    const registration = { token_endpoint_auth_method: method, client_secret: 'd:é f%+' };
    expect(await outcome(registration, { method, clientId, clientSecret: 'd:é f%+' })).toBe('granted');
    expect(await outcome(registration, { method, clientId, clientSecret: 'd:é f% ' })).toBe(
      'introspection_unavailable',
    );
  });

  it.each(everyAlgorithm)('by private_key_jwt with %s, and by no other key', async (algorithm) => {
    const { jwk, privateKey } = signerOf(algorithm);
    const registration = {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...jwk, kid: 'k1' }] },
    };
    const ours = { ...privateKey.export({ format: 'jwk' }), alg: algorithm, kid: 'k1' };
    const other = { ...signerOf('ES384').privateKey.export({ format: 'jwk' }), kid: 'k1' };
    const method = 'private_key_jwt';
    expect(await outcome(registration, { method, clientId, privateKey: ours })).toBe('granted');
    expect(await outcome(registration, { method, clientId, privateKey: other })).toBe('introspection_unavailable');
  });

  it('by a certificate, of an authority or our own, and by no other', async () => {
    // Whom the issuer's own certificate is vouched for by is not what this is about.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const ca = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
    const identity = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
    const options = { tls: { ...identity, ca: ca.cert } };
    const ours = certify({ subject: [['CN', 'api']], by: ca });
    const alone = certify({ subject: [['CN', 'api']] });
    const byAuthority = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=api' };
    const byItself = {
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [{ kty: 'EC', ...x5cKey(alone) }] },
    };
    const show = (method: 'tls_client_auth' | 'self_signed_tls_client_auth', { cert, key }: typeof ours) =>
      ({ method, clientId, certificate: cert, privateKey: key }) as const;
    const outcomes = [
      await outcome(byAuthority, show('tls_client_auth', ours), options),
      await outcome(byAuthority, show('tls_client_auth', alone), options),
      await outcome(byItself, show('self_signed_tls_client_auth', alone), options),
      await outcome(byItself, show('self_signed_tls_client_auth', ours), options),
    ];
    expect(outcomes).toEqual(['granted', 'introspection_unavailable', 'granted', 'introspection_unavailable']);
  });
});

/** A public key as a JWK with its certificate. */
function x5cKey(identity: { cert: string; key: string }): object {
  const jwk = new X509Certificate(identity.cert).publicKey.export({ format: 'jwk' });
  return { ...jwk, x5c: [x5cOf(identity)] };
}
