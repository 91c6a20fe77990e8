import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { failureOf } from '../support-network/network-failure.js';
import { forgetNames, resolveTo } from '../support-network/scripted-resolver.js';
import { type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

vi.mock('node:dns/promises', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:dns/promises')>()),
  Resolver: (await import('../support-network/scripted-resolver.js')).ScriptedResolver,
}));

describe('[RS-8725-3.10-c] D-21: where only public addresses may be asked, the door looks when it connects', () => {
  let decoy: ScriptedServer;
  let fetcher: BoundedFetcher;

  beforeEach(async () => {
    // Who speaks TLS to it hears nothing that is TLS: a connection is counted, and ends.
    decoy = await scriptedServer(() => {});
    fetcher = new BoundedFetcher(new NodeTransport(), 5000);
  });

  afterEach(async () => {
    forgetNames();
    fetcher.close();
    await decoy.close();
  });

  async function codeOf(host: string, addresses: FetchTerms['addresses']): Promise<string> {
    const url = new URL(`https://${host}:${decoy.port}/jwks`);
    return (await failureOf(fetcher.fetchDocument(url, { plainHttp: 'never', hosts: undefined, addresses }))).code;
  }

  /** The control: where any address may be asked, the same one is connected to. Connections arrive in order. */
  async function connectionsAfterOneMore(): Promise<number> {
    const asking = codeOf('127.0.0.1', 'any');
    while (decoy.connections === 0) await new Promise((resolve) => setImmediate(resolve));
    fetcher.close();
    expect(await asking).toBe('closed');
    return decoy.connections;
  }

  it.each(['127.0.0.1', '127.0.0.2', '0.0.0.0', '::ffff:127.0.0.1'])(
    'a name that resolves to %s leads to no connection; of a configured issuer it may',
    async (address) => {
      resolveTo('tenant.example', address);
      expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
      expect(await connectionsAfterOneMore()).toBe(1);
    },
  );

  it.each(['127.0.0.1', 'localhost', 'tenant.localhost'])('%s itself leads to none either', async (host) => {
    resolveTo('localhost', '127.0.0.1');
    expect(await codeOf(host, 'public')).toBe('not_permitted');
    expect(await connectionsAfterOneMore()).toBe(1);
  });

  it.each(['::1', '10.1.2.3', '169.254.169.254', 'fd00:ec2::254', 'fe80::1', '64:ff9b::169.254.169.254'])(
    'a name that resolves to %s is refused without an attempt',
    async (address) => {
      resolveTo('tenant.example', address);
      expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
    },
  );

  it('several addresses of which none is public are as bad as one', async () => {
    resolveTo('tenant.example', '127.0.0.1', '10.0.0.1', '::1');
    expect(await codeOf('tenant.example', 'public')).toBe('not_permitted');
    expect(await connectionsAfterOneMore()).toBe(1);
  });

  it('a name that nobody knows is unreachable, not forbidden', async () => {
    expect(await codeOf('tenant.example', 'public')).toBe('unreachable');
  });
});
