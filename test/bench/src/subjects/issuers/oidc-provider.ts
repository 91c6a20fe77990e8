import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import type { Configuration } from 'oidc-provider';
import type { Algorithm } from '../world.js';
import { client, type IssuerSubject } from './issuer.js';

const configure = (alg: Algorithm, keys: JWK[]): Configuration => ({
  jwks: { keys: keys as NonNullable<Configuration['jwks']>['keys'] },
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: alg as 'RS256',
    },
  ],
  ttl: { ClientCredentials: 300 },
  cookies: { keys: ['bench'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'https://api.example.com',
      getResourceServerInfo: () => ({
        scope: 'read',
        audience: 'https://api.example.com',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: alg as 'RS256' } },
      }),
    },
  },
});

export const oidcProvider: IssuerSubject = {
  name: 'oidc-provider',
  packages: ['oidc-provider'],
  readme:
    'new Provider(issuer, configuration) in a server of node:http, resourceIndicators with JWT access tokens; docs/README.md',
  // oidc-provider has no function that mints a token; tokens come from its endpoint.
  ways: ['over HTTP'],
  configuration: (alg) => configure(alg, []),
  async load() {
    const { exportJWK, generateKeyPair } = await import('jose');
    const { Provider } = await import('oidc-provider');
    return async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const provider = new Provider(issuer, configure(alg, [{ ...(await exportJWK(privateKey)), alg, use: 'sig' }]));
      server.on('request', provider.callback());
      return {
        tokenEndpoint: `${issuer}/token`,
        jwksUri: `${issuer}/jwks`,
        close: async () => {
          server.close();
          server.closeAllConnections();
        },
      };
    };
  },
};
