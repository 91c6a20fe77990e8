import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { BoundedFetcher, type Transport } from '../../src/http/bounded-fetcher.js';
import { type ScriptedServer, scriptedServer } from './scripted-server.js';

/** A server until the end of the test, which says this to every request, or does this with its socket. */
export async function serving(script: string | ((socket: Socket) => void)): Promise<ScriptedServer> {
  const server = await scriptedServer(typeof script === 'string' ? (socket) => socket.write(script) : script);
  onTestFinished(() => server.close());
  return server;
}

/** A door until the end of the test; by default with a patience that no test exhausts. */
export function openDoor(transport: Transport, timeoutMilliseconds = 60_000): BoundedFetcher {
  const fetcher = new BoundedFetcher(transport, timeoutMilliseconds);
  onTestFinished(() => fetcher.close());
  return fetcher;
}
