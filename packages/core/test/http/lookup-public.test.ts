import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { failureOf } from '../support-network/network-failure.js';
import { clearNames, resolveTo } from '../support-network/scripted-resolver.js';
import { type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

vi.mock('node:dns/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:dns/promises')>()),
  Resolver: (await import('../support-network/scripted-resolver.js')).ScriptedResolver,
}));

describe('name resolution for public addresses (D-21) [RS-8725-3.10-c]', () => {
  let decoy: ScriptedServer;
  let fetcher: BoundedFetcher;

  beforeEach(async () => {
    // The server cannot speak TLS: a TLS client is counted as a connection, then it fails.
    decoy = await scriptedServer(() => {});
    fetcher = new BoundedFetcher(new NodeTransport(), 5000);
  });

  afterEach(async () => {
    clearNames();
    fetcher.close();
    await decoy.close();
  });

  async function codeOf(host: string, addresses: FetchTerms['addresses']): Promise<string> {
    const url = new URL(`https://${host}:${decoy.port}/jwks`);
    return (await failureOf(fetcher.fetchDocument(url, { plainHttp: 'never', hosts: undefined, addresses }))).code;
  }

  /** Control: where any address is allowed, it is connected to. Connections arrive in order. */
  async function connectionsAfterOneMore(): Promise<number> {
    const outcome = codeOf('127.0.0.1', 'any');
    while (decoy.connections === 0) await new Promise((resolve) => setImmediate(resolve));
    fetcher.close();
    expect(await outcome).toBe('closed');
    return decoy.connections;
  }

  it.each(['127.0.0.1', '127.0.0.2', '0.0.0.0', '::ffff:127.0.0.1'])(
    'a name that resolves to %s is refused without a connection where only public addresses are allowed',
    async (address) => {
      resolveTo('tenant.example', address);
      expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
      expect(await connectionsAfterOneMore()).toBe(1);
    },
  );

  it.each(['127.0.0.1', 'localhost', 'tenant.localhost'])(
    'the host %s itself is refused without a connection',
    async (host) => {
      resolveTo('localhost', '127.0.0.1');
      expect(await codeOf(host, 'public')).toBe('not_permitted');
      expect(await connectionsAfterOneMore()).toBe(1);
    },
  );

  it.each(['::1', '10.1.2.3', '169.254.169.254', 'fd00:ec2::254', 'fe80::1', '64:ff9b::169.254.169.254'])(
    'a name that resolves to %s is refused before a connection attempt',
    async (address) => {
      resolveTo('tenant.example', address);
      expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
    },
  );

  it('a name with several addresses, none of them public, is refused', async () => {
    resolveTo('tenant.example', '127.0.0.1', '10.0.0.1', '::1');
    expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
    expect(await connectionsAfterOneMore()).toBe(1);
  });

  it('a name that does not resolve is unreachable, not not_permitted', async () => {
    expect(await codeOf('tenant.example', 'public')).toBe('unreachable');
  });
});
