import { exportJWK, generateKeyPair } from 'jose';
import type { ClientAuthenticationMethod, ClientRegistration, MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { basic } from '../caller.js';
import { certify, type Identity, x5cOf } from '../certificate.js';
import { startIssuer } from '../referee.js';
import { fetchOver } from '../tls-fetch.js';

/** Characters that form-encoding and base64 must get through. */
export const secret = 'a:b %c+\u00fc';
export const redirectUri = 'http://127.0.0.1:3000/cb';

const pair = await generateKeyPair('ES256', { extractable: true });
/** The key of private_key_jwt. */
export const privateKey = { key: pair.privateKey, kid: 'k1' };

const ca = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
const server = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
const certified = certify({ subject: [['CN', 'web']], names: [['dns', 'web.example']], by: ca });
const selfSigned = certify({ subject: [['CN', 'web']] });

interface Way {
  /** What the client is registered with. */
  readonly registration: Partial<ClientRegistration>;
  /** The certificate it shows. */
  readonly identity?: Identity;
}

const ways: Readonly<Record<ClientAuthenticationMethod, Way>> = {
  client_secret_basic: { registration: { client_secret: secret } },
  client_secret_post: { registration: { client_secret: secret } },
  private_key_jwt: {
    registration: { jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] } },
  },
  tls_client_auth: { registration: { tls_client_auth_san_dns: 'web.example' }, identity: certified },
  self_signed_tls_client_auth: {
    registration: { jwks: { keys: [{ kty: 'EC', x5c: [x5cOf(selfSigned)] }] } },
    identity: selfSigned,
  },
  none: { registration: {} },
};

/** Every method there is. */
export const methods = Object.keys(ways) as ClientAuthenticationMethod[];
/** Those by which a client can be told from others. */
export const confidential = methods.filter((method) => method !== 'none');

/** An issuer with the client `web`, and how that reaches it. */
export interface Meeting {
  readonly issuer: MockIssuer;
  /** Shows the client's certificate where it has one. */
  readonly fetch: (url: string, init?: object) => Promise<Response>;
  /** What the issuer says of a token to its own resource server. */
  readonly stateOf: (token: string) => Promise<unknown>;
  /** Goes where the client sends the browser, and back. */
  readonly browse: (url: URL) => Promise<URL>;
}

/** An issuer for a client of one method; over TLS where that needs it. */
export async function meet(method: ClientAuthenticationMethod, options: MockIssuerOptions = {}): Promise<Meeting> {
  const { registration, identity } = ways[method];
  const client: ClientRegistration = {
    client_id: 'web',
    token_endpoint_auth_method: method,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', ...(method === 'none' ? [] : ['client_credentials'])],
    scope: 'read write',
    introspection_signed_response_alg: 'ES256',
    ...registration,
  };
  const tls = identity && { ...server, ca: ca.cert };
  const issuer = await startIssuer({ clients: [client], ...(tls && { tls }), ...options });
  const ask: Meeting['fetch'] = identity === undefined ? fetch : fetchOver({ ca: ca.cert, ...identity });
  return {
    issuer,
    fetch: ask,
    stateOf: async (token) => {
      const headers = { authorization: basic(issuer.resourceServer) };
      const body = new URLSearchParams({ token });
      return (await ask(issuer.introspectionEndpoint, { method: 'POST', headers, body })).json();
    },
    browse: async (url) => {
      const response = await ask(url.href, { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? '');
    },
  };
}
