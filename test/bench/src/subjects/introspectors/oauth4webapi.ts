import * as oauth from 'oauth4webapi';
import { type Introspector, isForUs } from './introspector.js';

export const oauth4webapi: Introspector = {
  name: 'oauth4webapi by hand',
  packages: ['oauth4webapi'],
  readme: 'introspectionRequest and processIntrospectionResponse, docs; aud and exp by hand; it has no cache',
  configuration: ({ issuer, clientId }) => ({ issuer, client_id: clientId, clientAuth: 'ClientSecretBasic' }),
  async open(registration) {
    const url = new URL(registration.issuer);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const found = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure });
    const server = await oauth.processDiscoveryResponse(url, found);
    const client = { client_id: registration.clientId };
    const authentication = oauth.ClientSecretBasic(registration.clientSecret);
    return {
      prepare: (token) => async () => {
        const response = await oauth.introspectionRequest(server, client, authentication, token, insecure);
        return oauth.processIntrospectionResponse(server, client, response);
      },
      accepts: (answer) => isForUs(answer as object, registration),
    };
  },
};
