import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { lookupWhere } from '../../src/http/lookup-where.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import { isPublicAddress } from '../../src/http/public-address.js';
import { resolveBySystem } from '../../src/http/resolve-name.js';
import { isLoopbackAddress } from '../../src/model/loopback.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

/** The addresses that names resolve to in these tests. No name server is queried. */
const names = vi.hoisted(() => new Map<string, LookupAddress[]>());

vi.mock('node:dns', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:dns')>()),
  lookup: (name: string, _: unknown, callback: (failure: Error | null, addresses?: LookupAddress[]) => void) => {
    const addresses = names.get(name);
    if (addresses === undefined) callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    else callback(null, addresses);
  },
}));

afterEach(() => {
  names.clear();
});

const lookupLoopback = lookupWhere(isLoopbackAddress, resolveBySystem);

function address(text: string): LookupAddress {
  return { address: text, family: text.includes(':') ? 6 : 4 };
}

/** What the lookup passes to a socket: the addresses, or the message of a failure. */
function resolved(name: string, all = true): Promise<unknown> {
  return new Promise((resolve) => {
    lookupLoopback(name, { all }, (failure, found) => resolve(failure === null ? found : failure.message));
  });
}

describe('name resolution for loopback addresses (D-21)', () => {
  it.each(['127.0.0.1', '127.255.0.1', '::1'])(
    'the loopback address %s is passed on to the socket (D-21)',
    async (text) => {
      names.set('localhost', [address(text)]);
      expect(await resolved('localhost')).toEqual([address(text)]);
      expect(await resolved('localhost', false)).toBe(text);
    },
  );

  it.each(['10.0.0.1', '169.254.169.254', '93.184.216.34', '0.0.0.0', '::', 'fe80::1', '::ffff:10.0.0.1'])(
    'the address %s is withheld from the socket (D-21)',
    async (text) => {
      names.set('localhost', [address(text)]);
      expect(await resolved('localhost')).toBe('has no permitted address');
      expect(await resolved('localhost', false)).toBe('has no permitted address');
    },
  );

  it('of several addresses only the loopback ones are passed on to the socket (D-21)', async () => {
    names.set('localhost', ['10.0.0.1', '::1', '169.254.169.254', '127.0.0.1'].map(address));
    expect(await resolved('localhost')).toEqual(['::1', '127.0.0.1'].map(address));
    expect(await resolved('localhost', false)).toBe('::1');
  });

  it('a name without a permitted address is a failure (D-21)', async () => {
    names.set('localhost', []);
    expect(await resolved('localhost')).toBe('has no permitted address');
    names.clear();
    expect(await resolved('localhost')).toBe('not found');
  });

  it('a name below localhost is resolved to loopback without a name server (D-21)', async () => {
    names.set('tenant-1.localhost', [address('10.0.0.1')]);
    expect(await resolved('tenant-1.localhost')).toEqual([address('127.0.0.1'), address('::1')]);
    expect(await resolved('tenant-1.localhost', false)).toBe('127.0.0.1');
  });
});

describe('name resolution with public and other addresses (D-21) [RS-8725-3.10-c]', () => {
  const lookupPublic = lookupWhere(isPublicAddress, async (name) => names.get(name) ?? []);
  const found = (all: boolean) =>
    new Promise((resolve) => {
      lookupPublic('tenant.example', { all }, (failure, addresses) => resolve(failure?.message ?? addresses));
    });

  it('of several addresses only the public ones are passed on to the socket', async () => {
    names.set('tenant.example', ['127.0.0.1', '8.8.8.8', '169.254.169.254', '2606:4700::1111', '::1'].map(address));
    expect(await found(true)).toEqual(['8.8.8.8', '2606:4700::1111'].map(address));
    expect(await found(false)).toBe('8.8.8.8');
  });

  it('a name without a public address is a failure', async () => {
    names.set('tenant.example', ['127.0.0.1', '::ffff:8.8.8.8'].map(address));
    expect(await found(true)).toBe('has no permitted address');
    expect(await found(false)).toBe('has no permitted address');
  });
});

describe('name resolution at connection time (D-21)', () => {
  let server: ScriptedServer;
  let fetcher: BoundedFetcher;

  beforeEach(async () => {
    server = await scriptedServer((socket) => socket.write(answer(200, {}, '{}')));
    fetcher = new BoundedFetcher(new NodeTransport(), 5000);
  });

  afterEach(async () => {
    fetcher.close();
    await server.close();
  });

  async function fetchFrom(host: string): Promise<Uint8Array> {
    return (await fetcher.fetchDocument(new URL(`http://${host}:${server.port}/`), loopbackTerms)).octets;
  }

  it.each(['localhost', 'tenant-1.localhost'])(
    'the local name %s is connected to, with the name in the Host field (D-21)',
    async (name) => {
      names.set(name, [address('127.0.0.1')]);
      expect(await fetchFrom(name)).toHaveLength(2);
      expect(server.heads[0]).toContain(`Host: ${name}:${server.port}\r\n`);
    },
  );

  it('a name that no longer resolves to loopback is refused, although it could be reached (D-21)', async () => {
    names.set('localhost', [address('127.0.0.1')]);
    expect(await fetchFrom('localhost')).toHaveLength(2);
    // 0.0.0.0 leads to this server as well, so that only the lookup can prevent the connection.
    names.set('localhost', [address('0.0.0.0')]);
    await failureOf(fetchFrom('localhost'));
    expect(server.connections).toBe(1);
  });

  it('a literal address needs no name server', async () => {
    expect(await fetchFrom('127.0.0.1')).toHaveLength(2);
  });
});
