import { createResourceServer, type Decision, type HttpRequest } from '@resource-server/core';
import { flat } from '../../measure/flat-string.js';
import { algorithms, type World } from '../world.js';
import type { Library } from './library.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const resourceServer: Library = {
  name: 'resource-server',
  packages: ['@resource-server/core'],
  readme: 'createResourceServer(options).check(request), README, first example; keys by discovery',
  algorithms,
  configuration: configure,
  async open(world) {
    const server = createResourceServer(configure(world));
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

/** A request as it arrives from a browser behind a proxy. */
export function requestWith(token: string): HttpRequest {
  return {
    method: 'GET',
    url: '/reports?page=2',
    rawHeaders: [
      ...['Host', 'api.example.com', 'X-Forwarded-For', '203.0.113.7', 'X-Forwarded-Proto', 'https'],
      ...[
        'User-Agent',
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
      ],
      ...['Accept', 'application/json', 'Accept-Language', 'en-GB,en;q=0.9', 'Accept-Encoding', 'gzip, deflate, br'],
      ...['Authorization', flat(`Bearer ${token}`)],
      ...['Origin', 'https://app.example.com', 'Referer', 'https://app.example.com/', 'Connection', 'keep-alive'],
    ],
    encrypted: false,
    peerAddress: '127.0.0.1',
  };
}
