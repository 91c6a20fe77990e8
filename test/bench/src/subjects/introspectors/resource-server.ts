import { createResourceServer, type Decision } from '@resource-server/core';
import { requestWith } from '../libraries/resource-server.js';
import type { Introspector, Registration } from './introspector.js';

const configure = ({ issuer, audience, clientId, clientSecret }: Registration) => ({
  issuer: {
    issuer,
    introspection: { clientAuthentication: { method: 'client_secret_basic' as const, clientId, clientSecret } },
  },
  audience,
  introspectionCache: { positiveSeconds: 60, negativeSeconds: 5 },
});

export const resourceServerIntrospection: Introspector = {
  name: 'resource-server with introspection',
  packages: ['@resource-server/core'],
  readme:
    'createResourceServer(options).check(request), README of core, Opaque tokens; with the cache, which is off by default',
  configuration: configure,
  async open(registration) {
    const server = createResourceServer(configure(registration));
    await server.ready();
    return {
      prepare: (token) => {
        const request = requestWith(token);
        return () => server.check(request);
      },
      accepts: (outcome) => (outcome as Decision).granted,
      close: () => server.close(),
    };
  },
};
