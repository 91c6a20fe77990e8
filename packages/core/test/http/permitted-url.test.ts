import { describe, expect, it } from 'vitest';
import { BoundedFetcher } from '../../src/http/bounded-fetcher.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import { assertPermitted } from '../../src/http/permitted-url.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import { NetworkError } from '../../src/model/ports.js';
import { failureOf } from '../support-network/network-failure.js';
import { answer, scriptedServer } from '../support-network/scripted-server.js';

const publicOnly = { plainHttp: 'never', hosts: undefined, addresses: 'public' } as const;

function permitsAsPublic(url: string, terms: Partial<FetchTerms> = {}): boolean {
  try {
    assertPermitted(new URL(url), { ...publicOnly, ...terms });
    return true;
  } catch (failure) {
    if (failure instanceof NetworkError && failure.code === 'not_permitted') return false;
    throw failure;
  }
}

function permits(url: string, plainHttp: FetchTerms['plainHttp'] = 'never', hosts?: readonly string[]): boolean {
  try {
    assertPermitted(new URL(url), { plainHttp, hosts: hosts && new Set(hosts), addresses: 'any' });
    return true;
  } catch (failure) {
    if (failure instanceof NetworkError) return false;
    throw failure;
  }
}

describe('permitted URLs (D-21)', () => {
  it.each([
    ['https://keys.example/jwks', true, true, true],
    ['http://127.0.0.1:8080/jwks', false, true, true],
    ['http://[::1]/jwks', false, true, true],
    ['http://localhost/jwks', false, true, true],
    ['http://a.localhost/jwks', false, true, true],
    ['http://localhost.evil.example/jwks', false, false, true],
    ['http://10.0.0.1/jwks', false, false, true],
    ['http://169.254.169.254/latest', false, false, true],
    ['http://keys.example/jwks', false, false, true],
    ['ftp://127.0.0.1/jwks', false, false, false],
    ['file:///etc/passwd', false, false, false],
    ['data:application/json,{}', false, false, false],
  ])(
    '%s is permitted with plain http never: %s, on loopback: %s, anywhere: %s (D-21)',
    (url, never, loopback, anywhere) => {
      expect([permits(url, 'never'), permits(url, 'loopback'), permits(url, 'anywhere')]).toEqual([
        never,
        loopback,
        anywhere,
      ]);
    },
  );

  it.each(['https://user:pass@keys.example/', 'https://user@keys.example/', 'https://:pass@keys.example/'])(
    'a URL with credentials is refused: %s',
    (url) => {
      expect(permits(url)).toBe(false);
      expect(permits('https://keys.example/')).toBe(true);
    },
  );

  it('the credentials in a refused URL appear in no message', () => {
    const url = new URL('https://user:s3cret@keys.example/');
    expect(() => assertPermitted(url, { plainHttp: 'never', hosts: undefined, addresses: 'any' })).toThrow(
      /^(?!.*s3cret)/,
    );
  });

  it.each([
    ['https://keys.example/', ['keys.example'], true],
    ['https://keys.example:8443/', ['keys.example'], true],
    ['https://keys.example:8443/', ['keys.example:8443'], true],
    ['https://keys.example:8444/', ['keys.example:8443'], false],
    ['https://evil.example/', ['keys.example'], false],
    ['https://keys.example.evil.example/', ['keys.example'], false],
    ['https://sub.keys.example/', ['keys.example'], false],
    ['https://KEYS.example/', ['keys.example'], true],
  ])('the URL %s with the allowed hosts %j is permitted: %s', (url, hosts, expected) => {
    expect(permits(url, 'never', hosts)).toBe(expected);
  });

  it('a refused URL is never connected to', async () => {
    const server = await scriptedServer((socket) => socket.write(answer(200, {}, '{}')));
    const fetcher = new BoundedFetcher(new NodeTransport(), 5000);
    const url = new URL(server.origin);
    await failureOf(fetcher.fetchDocument(url, { plainHttp: 'never', hosts: undefined, addresses: 'any' }));
    await failureOf(
      fetcher.fetchDocument(url, { plainHttp: 'loopback', hosts: new Set(['keys.example']), addresses: 'any' }),
    );
    await failureOf(
      fetcher.fetchDocument(new URL(`http://u:p@127.0.0.1:${server.port}/`), {
        plainHttp: 'anywhere',
        hosts: undefined,
        addresses: 'any',
      }),
    );
    expect(server.connections).toBe(0);
    await fetcher.fetchDocument(url, { plainHttp: 'loopback', hosts: new Set(['127.0.0.1']), addresses: 'any' });
    expect(server.connections).toBe(1);
    fetcher.close();
    await server.close();
  });
});

describe('permitted URLs where only public addresses are allowed (D-21) [RS-8725-3.10-c]', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.0.0.1:8443/jwks',
    'https://127.0.0.1./',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://0177.0x0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://0xa.1/',
    'https://012.0.0.1/',
    'https://167772161/',
    'https://169.254.169.254/latest/meta-data',
    'https://0xa9fea9fe/',
    'https://2852039166/',
    'https://0251.0376.0251.0376/',
    'https://192.168.1.1/',
    'https://%31%32%37.0.0.1/',
    'https://\uff11\uff12\uff17.0.0.1/',
    'https://127\u30020\u30020\u30021/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
  ])('a non-public address is refused in every spelling: %s', (url) => {
    expect([permitsAsPublic(url), permitsAsPublic(url, { addresses: 'any' })]).toEqual([false, true]);
  });

  it.each([
    'https://8.8.8.8/',
    'https://134744072/',
    'https://0x08.8.010.8/',
    'https://[2606:4700::1111]/',
    'https://[64:ff9b::8.8.8.8]/',
  ])('a public address is permitted in every spelling: %s', (url) => {
    expect(permitsAsPublic(url)).toBe(true);
  });

  it.each(['https://tenant.example/', 'https://localhost/', 'https://127.0.0.1.example/'])(
    'a host name is checked when the socket connects, not in the URL: %s',
    (url) => {
      expect(permitsAsPublic(url)).toBe(true);
    },
  );

  it('an allowed host must still be public, and a public host must still be allowed', () => {
    expect(permitsAsPublic('https://127.0.0.1/', { hosts: new Set(['127.0.0.1']) })).toBe(false);
    expect(permitsAsPublic('https://8.8.8.8/', { hosts: new Set(['8.8.4.4']) })).toBe(false);
    expect(permitsAsPublic('https://8.8.8.8/', { hosts: new Set(['8.8.8.8']) })).toBe(true);
  });

  it.each(['http://8.8.8.8/', 'http://tenant.example/', 'http://127.0.0.1/'])(
    'a plain-http URL is refused: %s',
    (url) => {
      expect(permitsAsPublic(url)).toBe(false);
    },
  );
});
