import type { IncomingMessage, ServerResponse } from 'node:http';
import { createResourceServer } from '@resource-server/core';
import { auth, requireScope } from '@resource-server/express';
import { algorithms, type World } from '../world.js';
import type { Library } from './library.js';
import { requestWith } from './resource-server.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

/**
 * The cost of our middleware: both functions of the README's example, without a router and a
 * socket.
 */
export const expressMiddleware: Library = {
  name: 'resource-server for Express',
  packages: ['@resource-server/express', '@resource-server/core'],
  readme: "auth(server) and requireScope('read') of the README's first example, called one after the other",
  algorithms,
  configuration: configure,
  async open(world) {
    const server = createResourceServer(configure(world));
    await server.ready();
    const [authenticate, authorize] = [auth(server), requireScope('read')];
    return {
      prepare: (token) => {
        const { method, url, rawHeaders } = requestWith(token);
        return async () => {
          // A new request each time, since the decision is stored with it.
          const request = {
            method,
            url,
            originalUrl: url,
            rawHeaders,
            headers: {},
            socket,
          } as unknown as IncomingMessage;
          const response = responseDouble();
          let passed = 0;
          const next = () => {
            passed += 1;
          };
          await authenticate(request, response, next);
          if (passed === 1) await authorize(request, response, next);
          return passed === 2;
        };
      },
      accepts: (outcome) => outcome === true,
      close: () => server.close(),
    };
  },
};

const socket = { remoteAddress: '127.0.0.1', server: { maxHeadersCount: null } };

/** A response that discards everything. */
function responseDouble(): ServerResponse {
  const double = { statusCode: 200, headersSent: false, setHeader() {}, removeHeader() {}, end() {} };
  return double as unknown as ServerResponse;
}
