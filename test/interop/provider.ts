import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import './quiet.js';
import { type JWK, Provider } from 'oidc-provider';
import { configurationOf } from './configuration.js';
import { approve, isInteraction } from './interaction.js';
import type { Algorithm } from './keys.js';

/** oidc-provider on a port of its own, which it keeps for life. */
export interface RunningProvider {
  readonly issuer: string;
  /** A new instance takes over, with these keys; it signs with the first that fits. Nothing is refused meanwhile. */
  replace(keys: readonly JWK[]): void;
  /** Nobody listens any more, and every connection is cut. */
  stop(): Promise<void>;
  /** Listens again, where it did before. */
  start(): Promise<void>;
}

export interface ProviderOptions {
  /** How it signs; default: as the keys say. */
  readonly algorithms?: readonly Algorithm[];
  /** Where it is mounted, and the path of the issuer: `''`, or with a slash in front. */
  readonly path?: string;
}

export async function startProvider(keys: readonly JWK[], options: ProviderOptions = {}): Promise<RunningProvider> {
  const { algorithms = keys.map(({ alg }) => alg as Algorithm), path = '' } = options;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  // Connections outlive every test: none ends while a client is about to use it again.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => answer(request, response));
  const port = await listenSomewhere(server);
  const issuer = `http://127.0.0.1:${port}${path}`;
  const replace = (next: readonly JWK[]) => {
    answer = mounted(path, new Provider(issuer, configurationOf(next, algorithms)));
  };
  replace(keys);
  return {
    issuer,
    replace,
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start: () => listen(server, port),
  };
}

/** Serves a provider under `path` and nothing beside it, as a framework would mount it. */
function mounted(path: string, provider: Provider): (request: IncomingMessage, response: ServerResponse) => void {
  const protocol = provider.callback();
  return (request, response) => {
    const { url = '' } = request;
    if (!url.startsWith(`${path}/`)) return void response.writeHead(404).end();
    // What Express leaves behind of the path, and what the provider goes by in its own URLs.
    Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
    return void (isInteraction(request) ? approve(provider, request, response) : protocol(request, response));
  };
}

/** A port below those that systems give away by themselves, so that nobody takes it while the provider is down. */
async function listenSomewhere(server: Server): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    try {
      await listen(server, port);
      return port;
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw failure;
    }
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
