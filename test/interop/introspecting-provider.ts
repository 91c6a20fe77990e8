import { randomUUID, type X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import './quiet.js';
import { type ClientMetadata, type Configuration, type JWK, Provider } from 'oidc-provider';
import * as openid from 'openid-client';
import { fetch, Agent as UndiciAgent } from 'undici';
import { vi } from 'vitest';
import { certify } from '../../packages/mock-issuer/test/certificate.js';
import { clientSecret, lifetimeSeconds } from './configuration.js';
import { authority } from './registrations.js';

/** An API that may call the introspection endpoint, as registered at the provider. */
export interface IntrospectingApi {
  readonly client: ClientMetadata;
  /**
   * The endpoint answers for tokens of these audiences only; `undefined` is a token without one.
   */
  readonly audiences: readonly (string | undefined)[];
}

/** One call of the introspection endpoint, and the type of its answer. */
interface Introspection {
  /** True at the mutual TLS alias (RFC 8705 section 5). */
  readonly atMutualTls: boolean;
  readonly contentType: string;
}

/** oidc-provider over TLS, whose access tokens are all opaque. */
export interface IntrospectingProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** An access token by the client credentials grant. */
  token(scope: string, resource?: string): Promise<string>;
  /** Calls the revocation endpoint as the client of the token (RFC 7009). */
  revoke(token: string): Promise<void>;
  /** All calls since the last time. */
  takeIntrospections(): readonly Introspection[];
  stop(): Promise<void>;
}

const clientId = 'urn:example:client';
const identity = certify({ subject: [['CN', 'issuer']], names: [['ip', '127.0.0.1']], by: authority });

/**
 * Adds the test authority for all connections of `node:https`: there is no option for an authority.
 */
export function trustAuthority(): void {
  const { createConnection } = Agent.prototype;
  vi.spyOn(Agent.prototype, 'createConnection').mockImplementation(function (this: Agent, options, callback) {
    return createConnection.call(this, { ...options, ca: authority.cert } as typeof options, callback);
  });
}

export async function startIntrospectingProvider(
  keys: readonly JWK[],
  apis: readonly IntrospectingApi[],
): Promise<IntrospectingProvider> {
  const introspections: Introspection[] = [];
  const main = createServer(identity);
  // Only the alias requests certificates, so that browsers and other clients are not prompted.
  const mutual = createServer({ ...identity, ca: authority.cert, requestCert: true, rejectUnauthorized: false });
  const [issuer, alias] = await Promise.all([listen(main), listen(mutual)]);
  const provider = new Provider(issuer, configurationOf(keys, apis, alias));
  const answer = provider.callback();
  for (const server of [main, mutual]) {
    server.on('request', (request, response) => {
      if (request.url === '/token/introspection') {
        beforeEnd(response, () => {
          const contentType = String(response.getHeader('content-type'));
          introspections.push({ atMutualTls: server === mutual, contentType });
        });
      }
      void answer(request, response);
    });
  }
  const agent = new UndiciAgent({ connect: { ca: authority.cert } });
  const config = await openid.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    [openid.customFetch]: (url, options) =>
      fetch(url, { ...options, dispatcher: agent } as Parameters<typeof fetch>[1]) as unknown as Promise<Response>,
  });
  return {
    issuer,
    clientId,
    async token(scope, resource) {
      const parameters = { scope, ...(resource !== undefined && { resource }) };
      return (await openid.clientCredentialsGrant(config, parameters)).access_token;
    },
    revoke: (token) => openid.tokenRevocation(config, token),
    takeIntrospections: () => introspections.splice(0),
    async stop() {
      await agent.destroy();
      for (const server of [main, mutual]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/**
 * The operator issues opaque tokens to APIs; each API may introspect the tokens for its audiences.
 */
function configurationOf(keys: readonly JWK[], apis: readonly IntrospectingApi[], alias: string): Configuration {
  const audiencesOf = new Map(apis.map(({ client, audiences }) => [client.client_id, audiences]));
  return {
    jwks: { keys: [...keys] },
    cookies: { keys: [randomUUID()] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
      ...apis.map(({ client }) => client),
    ],
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
    discovery: { mtls_endpoint_aliases: { introspection_endpoint: `${alias}/token/introspection` } },
    scopes: ['read', 'write'],
    ttl: { ClientCredentials: lifetimeSeconds },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_, client, token) =>
          audiencesOf.get(client.clientId)?.includes((token as { aud?: string }).aud) ?? false,
      },
      jwtIntrospection: { enabled: true },
      revocation: { enabled: true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        getCertificate: (ctx) => certificateOf(ctx.req.socket as TLSSocket)?.toString(),
        certificateAuthorized: (ctx) => (ctx.req.socket as TLSSocket).authorized,
        certificateSubjectMatches: (ctx, property, expected) =>
          property === 'tls_client_auth_san_dns' &&
          certificateOf(ctx.req.socket as TLSSocket)?.subjectAltName === `DNS:${expected}`,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined as unknown as string,
        getResourceServerInfo: (_, audience) => ({
          audience,
          scope: 'read write',
          accessTokenTTL: lifetimeSeconds,
          accessTokenFormat: 'opaque',
        }),
      },
    },
  };
}

/** Runs before the response is sent: after it, a client may have sent its next request already. */
function beforeEnd(response: ServerResponse, act: () => void): void {
  const end = response.end.bind(response);
  response.end = ((...parts: Parameters<typeof end>) => {
    act();
    return end(...parts);
  }) as typeof response.end;
}

function certificateOf(socket: TLSSocket): X509Certificate | undefined {
  return socket.getPeerX509Certificate();
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
