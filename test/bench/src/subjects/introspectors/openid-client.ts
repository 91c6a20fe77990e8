import { allowInsecureRequests, ClientSecretBasic, discovery, tokenIntrospection } from 'openid-client';
import { type Introspector, isForUs } from './introspector.js';

export const openidClient: Introspector = {
  name: 'openid-client by hand',
  packages: ['openid-client'],
  readme: 'tokenIntrospection(config, token), docs; aud and exp by hand; it has no cache',
  configuration: ({ issuer, clientId }) => ({ issuer, clientId, clientAuthentication: 'ClientSecretBasic' }),
  async open(registration) {
    const { issuer, clientId, clientSecret } = registration;
    const config = await discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      algorithm: 'oauth2',
      execute: [allowInsecureRequests],
    });
    return {
      prepare: (token) => () => tokenIntrospection(config, token),
      accepts: (answer) => isForUs(answer as object, registration),
    };
  },
};
