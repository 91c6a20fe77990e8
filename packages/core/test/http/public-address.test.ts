import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/http/public-address.js';

/**
 * A block of addresses and its neighbours. A neighbour is `undefined` where there is none, or
 * where another rule makes it non-public.
 */
type Block = readonly [
  what: string,
  first: string,
  last: string,
  before: string | undefined,
  after: string | undefined,
];

const blocks4: readonly Block[] = [
  ['this network', '0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['private use (10)', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['shared address space', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['loopback', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['link-local, cloud metadata', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['private use (172.16)', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['protocol assignments', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['documentation (1)', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['6to4 relays', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['private use (192.168)', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['benchmarking', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['documentation (2)', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['documentation (3)', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['multicast', '224.0.0.0', '239.255.255.255', '223.255.255.255', undefined],
  ['reserved, broadcast', '240.0.0.0', '255.255.255.255', undefined, undefined],
];

const ones = (groups: number) => Array.from({ length: groups }, () => 'ffff').join(':');

const blocks6: readonly Block[] = [
  ['everything below global unicast', '::', `1fff:${ones(7)}`, undefined, '2000::'],
  ['everything above global unicast', '4000::', ones(8), undefined, undefined],
  ['protocol assignments, including Teredo', '2001::', `2001:1ff:${ones(6)}`, `2000:${ones(7)}`, '2001:200::'],
  ['Teredo', '2001::', `2001:0:${ones(6)}`, undefined, undefined],
  ['documentation (1)', '2001:db8::', `2001:db8:${ones(6)}`, `2001:db7:${ones(6)}`, '2001:db9::'],
  ['6to4', '2002::', `2002:${ones(7)}`, `2001:${ones(7)}`, '2003::'],
  ['documentation (2)', '3fff::', `3fff:fff:${ones(6)}`, `3ffe:${ones(7)}`, '3fff:1000::'],
  ['NAT64 of a network', '64:ff9b:1::', `64:ff9b:1:${ones(5)}`, undefined, undefined],
  ['discard only', '100::', `100::${ones(4)}`, undefined, undefined],
  ['segment routing', '5f00::', `5f00:${ones(7)}`, undefined, undefined],
  ['unique local', 'fc00::', `fdff:${ones(7)}`, undefined, undefined],
  ['link-local', 'fe80::', `febf:${ones(7)}`, undefined, undefined],
  ['site-local', 'fec0::', `feff:${ones(7)}`, undefined, undefined],
  ['multicast', 'ff00::', `ff0e:${ones(7)}`, undefined, undefined],
];

const publicAddresses4 = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '192.31.196.1', '192.52.193.1', '223.255.255.254'];
const publicAddresses6 = ['2001:4860:4860::8888', '2606:4700::1111', '2620:4f:8000::1', '2A00:1450::1'];

describe('public addresses (D-21) [RS-8725-3.10-c]', () => {
  it.each([...publicAddresses4, ...publicAddresses6])('the address %s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...blocks4, ...blocks6])('the block for %s is not public, from %s to %s', (_, first, last) => {
    expect([isPublicAddress(first), isPublicAddress(last)]).toEqual([false, false]);
  });

  it.each(
    [...blocks4, ...blocks6].flatMap(([what, , , before, after]) => [
      ...(before === undefined ? [] : [['before', what, before] as const]),
      ...(after === undefined ? [] : [['after', what, after] as const]),
    ]),
  )('the address right %s the block for %s is public: %s', (_where, _what, neighbour) => {
    expect(isPublicAddress(neighbour)).toBe(true);
  });

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::', '169.254.169.254', 'fd00:ec2::254', '10.0.0.1', '192.168.1.1'])(
    'the local or private address %s is not public, since internal services may listen there',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});

describe('IPv4 addresses inside IPv6 addresses (D-21) [RS-8725-3.10-c]', () => {
  it.each(blocks4)(
    'a NAT64 address is public exactly when its IPv4 address is public: block for %s',
    (_, first, last, before, after) => {
      const viaNat64 = (address: string) => isPublicAddress(`64:ff9b::${address}`);
      expect([viaNat64(first), viaNat64(last)]).toEqual([false, false]);
      for (const neighbour of [before, after]) if (neighbour !== undefined) expect(viaNat64(neighbour)).toBe(true);
    },
  );

  it('a NAT64 address in hexadecimal is checked like one in dotted decimal', () => {
    expect([isPublicAddress('64:ff9b::7f00:1'), isPublicAddress('64:ff9b::a9fe:a9fe')]).toEqual([false, false]);
    expect(isPublicAddress('64:ff9b::808:808')).toBe(true);
  });

  it('only the prefix 64:ff9b::/96 counts as NAT64', () => {
    expect([isPublicAddress('64:ff9b::1:808:808'), isPublicAddress(`64:ff9a:${ones(6)}`)]).toEqual([false, false]);
  });

  it.each([...blocks4.flatMap(([, first, last]) => [first, last]), ...publicAddresses4])(
    'an IPv4-mapped, IPv4-compatible or translated address is never public: %s',
    (address) => {
      for (const prefix of ['::ffff:', '::', '::ffff:0:', '0:0:0:0:0:ffff:']) {
        expect(isPublicAddress(prefix + address)).toBe(false);
      }
    },
  );

  it.each([
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '::ffff:808:808',
    '2002:7f00:1::1',
    '2002:808:808::1',
    '2001:0:7f00:1::1',
  ])('an IPv6 address that embeds an IPv4 address is never public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('strings that are not addresses (D-21)', () => {
  it.each(['fe80::1%eth0', '::1%lo', 'fd00::1%1', '::ffff:127.0.0.1%eth0', '64:ff9b::10.0.0.1%eth0'])(
    'an address with a scope id is not public: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );

  it.each([
    '',
    ' ',
    'localhost',
    'tenant.example',
    '1.2.3',
    '8.8.8.8.8',
    '8.8.8.8 ',
    ' 8.8.8.8',
    '8.8.8.8\0',
    '08.8.8.8',
    '0x08080808',
    '134744072',
    '010.8.8.8',
    '8.8.8.8:443',
    '8.8.8.8/32',
    '256.8.8.8',
    '[2606:4700::1111]',
    '2606:4700::1111::',
    '2606:4700::g',
    '2606:4700::1111/64',
  ])('a string that is not an IP address is not public: %j', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});
