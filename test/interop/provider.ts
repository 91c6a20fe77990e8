import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import './quiet.js';
import { type JWK, Provider } from 'oidc-provider';
import { configurationOf } from './configuration.js';
import { approve, isInteraction } from './interaction.js';
import type { Algorithm } from './keys.js';

/** oidc-provider on a fixed port. */
export interface RunningProvider {
  readonly issuer: string;
  /**
   * Starts a new provider instance with these keys; it signs with the first that fits. Requests are
   * accepted without an interruption.
   */
  replace(keys: readonly JWK[]): void;
  /** Stops listening, and closes every connection. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
}

export interface ProviderOptions {
  /** The algorithms of the clients. Default: those of the keys. */
  readonly algorithms?: readonly Algorithm[];
  /** The path of the issuer, under which it is mounted: `''`, or a path with a leading slash. */
  readonly path?: string;
}

export async function startProvider(keys: readonly JWK[], options: ProviderOptions = {}): Promise<RunningProvider> {
  const { algorithms = keys.map(({ alg }) => alg as Algorithm), path = '' } = options;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  // No connection times out during a test, so a client never reuses one that is closing.
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

/** Serves a provider under `path` only, as a framework mounts it. */
function mounted(path: string, provider: Provider): (request: IncomingMessage, response: ServerResponse) => void {
  const protocol = provider.callback();
  return (request, response) => {
    const { url = '' } = request;
    if (!url.startsWith(`${path}/`)) return void response.writeHead(404).end();
    // As Express does: `url` is relative to the mount path; the provider reads `originalUrl`.
    Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
    return void (isInteraction(request) ? approve(provider, request, response) : protocol(request, response));
  };
}

/**
 * Uses a port below the ephemeral range, so that no other process gets it while the provider is
 * down.
 */
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
