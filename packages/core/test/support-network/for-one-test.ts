import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { BoundedFetcher, type Transport } from '../../src/http/bounded-fetcher.js';
import { type ScriptedServer, scriptedServer } from './scripted-server.js';

/**
 * A server until the end of the test. It answers every request with this text, or calls this
 * function with the socket.
 */
export async function serving(script: string | ((socket: Socket) => void)): Promise<ScriptedServer> {
  const server = await scriptedServer(typeof script === 'string' ? (socket) => socket.write(script) : script);
  onTestFinished(() => server.close());
  return server;
}

/** An HTTP client until the end of the test, by default with a timeout that no test reaches. */
export function openFetcher(transport: Transport, timeoutMilliseconds = 60_000): BoundedFetcher {
  const fetcher = new BoundedFetcher(transport, timeoutMilliseconds);
  onTestFinished(() => fetcher.close());
  return fetcher;
}
