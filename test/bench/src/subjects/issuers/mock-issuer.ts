import type { MockIssuerOptions } from '@resource-server/mock-issuer';
import type { Algorithm } from '../world.js';
import { client, type IssuerSubject } from './issuer.js';

const configure = (alg: Algorithm): MockIssuerOptions => ({
  alg,
  clients: [{ client_id: client.id, client_secret: client.secret, grant_types: ['client_credentials'] }],
});

export const mockIssuer: IssuerSubject = {
  name: '@resource-server/mock-issuer',
  packages: ['@resource-server/mock-issuer'],
  readme: 'createMockIssuer(options), then issuer.token(); README.md, A test',
  ways: ['minted', 'over HTTP'],
  configuration: configure,
  async load() {
    const { createMockIssuer } = await import('@resource-server/mock-issuer');
    return async (alg) => {
      const issuer = await createMockIssuer(configure(alg));
      const { tokenEndpoint, jwksUri } = issuer;
      return { tokenEndpoint, jwksUri, mint: () => issuer.token(), close: () => issuer.close() };
    };
  },
};
