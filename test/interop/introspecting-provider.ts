import { randomUUID, type X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import './quiet.js';
import { type ClientMetadata, type Configuration, type JWK, Provider } from 'oidc-provider';
import * as openid from 'openid-client';
import { fetch, Agent as TrustingAgent } from 'undici';
import { vi } from 'vitest';
import { certify } from '../../packages/mock-issuer/test/certificate.js';
import { clientSecret, lifetimeSeconds } from './configuration.js';
import { authority } from './registrations.js';

/** An API that may ask about tokens, and whose. */
export interface Asker {
  readonly client: ClientMetadata;
  /** It is told of tokens for these and of no others. */
  readonly audiences: readonly (string | undefined)[];
}

/** What an introspection endpoint was asked and what it sent. */
interface Introspection {
  /** Whether at the address where clients show certificates. */
  readonly atMutualTls: boolean;
  readonly contentType: string;
}

/** oidc-provider over TLS, whose access tokens are all opaque. */
export interface IntrospectingProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** An access token by the client credentials grant. */
  token(scope: string, resource?: string): Promise<string>;
  /** At the revocation endpoint, by the client that got it (RFC 7009). */
  revoke(token: string): Promise<void>;
  /** All that was asked since the last time. */
  takeIntrospections(): readonly Introspection[];
  stop(): Promise<void>;
}

const clientId = 'urn:example:client';
const identity = certify({ subject: [['CN', 'issuer']], names: [['ip', '127.0.0.1']], by: authority });

/** Has everything that connects by `node:https` trust the authority of these tests: options cannot name one. */
export function trustAuthority(): void {
  const { createConnection } = Agent.prototype;
  vi.spyOn(Agent.prototype, 'createConnection').mockImplementation(function (this: Agent, options, callback) {
    return createConnection.call(this, { ...options, ca: authority.cert } as typeof options, callback);
  });
}

export async function startIntrospectingProvider(
  keys: readonly JWK[],
  askers: readonly Asker[],
): Promise<IntrospectingProvider> {
  const introspections: Introspection[] = [];
  const main = createServer(identity);
  // Certificates are asked for where they are needed and nowhere else, as browsers and other clients would rather have it.
  const mutual = createServer({ ...identity, ca: authority.cert, requestCert: true, rejectUnauthorized: false });
  const [issuer, alias] = await Promise.all([listen(main), listen(mutual)]);
  const provider = new Provider(issuer, configurationOf(keys, askers, alias));
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
  const trusting = new TrustingAgent({ connect: { ca: authority.cert } });
  const config = await openid.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    [openid.customFetch]: (url, options) =>
      fetch(url, { ...options, dispatcher: trusting } as Parameters<typeof fetch>[1]) as unknown as Promise<Response>,
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
      await trusting.destroy();
      for (const server of [main, mutual]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** A provider as an operator sets it up who gives APIs opaque tokens and has each of them ask about its own. */
function configurationOf(keys: readonly JWK[], askers: readonly Asker[], alias: string): Configuration {
  const audiencesOf = new Map(askers.map(({ client, audiences }) => [client.client_id, audiences]));
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
      ...askers.map(({ client }) => client),
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

/** Not after it: by then a client may have read the answer and asked again. */
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
