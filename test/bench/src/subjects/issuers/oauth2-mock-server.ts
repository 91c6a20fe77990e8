import type { IssuerSubject } from './issuer.js';

export const oauth2MockServer: IssuerSubject = {
  name: 'oauth2-mock-server',
  packages: ['oauth2-mock-server'],
  readme: 'new OAuth2Server(), keys.generate(alg), start(0, host), then issuer.buildToken(); README.md, Quickstart',
  ways: ['minted', 'over HTTP'],
  configuration: (alg) => ({ 'keys.generate': alg, start: [0, '127.0.0.1'] }),
  async load() {
    const { OAuth2Server } = await import('oauth2-mock-server');
    return async (alg) => {
      const server = new OAuth2Server();
      await server.issuer.keys.generate(alg);
      await server.start(0, '127.0.0.1');
      const { url } = server.issuer;
      return {
        tokenEndpoint: `${url}/token`,
        jwksUri: `${url}/jwks`,
        mint: () => server.issuer.buildToken(),
        close: () => server.stop(),
      };
    };
  },
};
