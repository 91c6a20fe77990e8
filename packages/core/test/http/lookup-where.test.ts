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

/** What names resolve to in these tests; no name server is asked. */
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

/** What a socket is told that wants to connect to a name: addresses, or the message of a failure. */
function resolved(name: string, all = true): Promise<unknown> {
  return new Promise((resolve) => {
    lookupLoopback(name, { all }, (failure, found) => resolve(failure === null ? found : failure.message));
  });
}

describe('D-21: what a name of this machine resolves to', () => {
  it.each(['127.0.0.1', '127.255.0.1', '::1'])('D-21: %s is let through', async (text) => {
    names.set('localhost', [address(text)]);
    expect(await resolved('localhost')).toEqual([address(text)]);
    expect(await resolved('localhost', false)).toBe(text);
  });

  it.each(['10.0.0.1', '169.254.169.254', '93.184.216.34', '0.0.0.0', '::', 'fe80::1', '::ffff:10.0.0.1'])(
    'D-21: %s is not',
    async (text) => {
      names.set('localhost', [address(text)]);
      expect(await resolved('localhost')).toBe('has no permitted address');
      expect(await resolved('localhost', false)).toBe('has no permitted address');
    },
  );

  it('D-21: of several addresses only those of this machine are', async () => {
    names.set('localhost', ['10.0.0.1', '::1', '169.254.169.254', '127.0.0.1'].map(address));
    expect(await resolved('localhost')).toEqual(['::1', '127.0.0.1'].map(address));
    expect(await resolved('localhost', false)).toBe('::1');
  });

  it('D-21: nothing is a failure', async () => {
    names.set('localhost', []);
    expect(await resolved('localhost')).toBe('has no permitted address');
    names.clear();
    expect(await resolved('localhost')).toBe('not found');
  });

  it('D-21: names below localhost are this machine, and no name server is asked', async () => {
    names.set('tenant-1.localhost', [address('10.0.0.1')]);
    expect(await resolved('tenant-1.localhost')).toEqual([address('127.0.0.1'), address('::1')]);
    expect(await resolved('tenant-1.localhost', false)).toBe('127.0.0.1');
  });
});

describe('[RS-8725-3.10-c] D-21: of a name with public addresses and others', () => {
  const lookupPublic = lookupWhere(isPublicAddress, async (name) => names.get(name) ?? []);
  const found = (all: boolean) =>
    new Promise((resolve) => {
      lookupPublic('tenant.example', { all }, (failure, addresses) => resolve(failure?.message ?? addresses));
    });

  it('only the public ones are let through', async () => {
    names.set('tenant.example', ['127.0.0.1', '8.8.8.8', '169.254.169.254', '2606:4700::1111', '::1'].map(address));
    expect(await found(true)).toEqual(['8.8.8.8', '2606:4700::1111'].map(address));
    expect(await found(false)).toBe('8.8.8.8');
  });

  it('which may be none', async () => {
    names.set('tenant.example', ['127.0.0.1', '::ffff:8.8.8.8'].map(address));
    expect(await found(true)).toBe('has no permitted address');
    expect(await found(false)).toBe('has no permitted address');
  });
});

describe('D-21: the door asks this when it connects', () => {
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

  async function ask(host: string): Promise<Uint8Array> {
    return (await fetcher.fetchDocument(new URL(`http://${host}:${server.port}/`), loopbackTerms)).octets;
  }

  it.each(['localhost', 'tenant-1.localhost'])('D-21: %s on this machine is asked, by its name', async (name) => {
    names.set(name, [address('127.0.0.1')]);
    expect(await ask(name)).toHaveLength(2);
    expect(server.heads[0]).toContain(`Host: ${name}:${server.port}\r\n`);
  });

  it('D-21: a name that has moved away since is not, although a connection would be made', async () => {
    names.set('localhost', [address('127.0.0.1')]);
    expect(await ask('localhost')).toHaveLength(2);
    // An address that leads to this server, too, so that nothing but the door keeps us from it.
    names.set('localhost', [address('0.0.0.0')]);
    await failureOf(ask('localhost'));
    expect(server.connections).toBe(1);
  });

  it('a literal address needs no name server', async () => {
    expect(await ask('127.0.0.1')).toHaveLength(2);
  });
});
