import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/http/public-address.js';

/** A block with its neighbours; `undefined` where there is none, or where that one is not public for a reason of its own. */
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
  ['all that is not global unicast, below', '::', `1fff:${ones(7)}`, undefined, '2000::'],
  ['all that is not global unicast, above', '4000::', ones(8), undefined, undefined],
  ['protocol assignments, Teredo among them', '2001::', `2001:1ff:${ones(6)}`, `2000:${ones(7)}`, '2001:200::'],
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

describe('[RS-8725-3.10-c] D-21: a public address', () => {
  it.each([...publicAddresses4, ...publicAddresses6])('is one: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...blocks4, ...blocks6])('is none of the block for %s, from %s to %s', (_, first, last) => {
    expect([isPublicAddress(first), isPublicAddress(last)]).toEqual([false, false]);
  });

  it.each(
    [...blocks4, ...blocks6].flatMap(([what, , , before, after]) => [
      ...(before === undefined ? [] : [['before', what, before] as const]),
      ...(after === undefined ? [] : [['after', what, after] as const]),
    ]),
  )('is the one right %s the block for %s: %s', (_where, _what, neighbour) => {
    expect(isPublicAddress(neighbour)).toBe(true);
  });

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::', '169.254.169.254', 'fd00:ec2::254', '10.0.0.1', '192.168.1.1'])(
    'is not %s, behind which something of ours may listen',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});

describe('[RS-8725-3.10-c] D-21: an IPv4 address inside of an IPv6 one', () => {
  it.each(blocks4)('by NAT64 is public exactly when it is itself: around %s', (_, first, last, before, after) => {
    const through = (address: string) => isPublicAddress(`64:ff9b::${address}`);
    expect([through(first), through(last)]).toEqual([false, false]);
    for (const neighbour of [before, after]) if (neighbour !== undefined) expect(through(neighbour)).toBe(true);
  });

  it('by NAT64 is the same written in hexadecimal', () => {
    expect([isPublicAddress('64:ff9b::7f00:1'), isPublicAddress('64:ff9b::a9fe:a9fe')]).toEqual([false, false]);
    expect(isPublicAddress('64:ff9b::808:808')).toBe(true);
  });

  it('by NAT64 is one of 64:ff9b::/96 alone', () => {
    expect([isPublicAddress('64:ff9b::1:808:808'), isPublicAddress(`64:ff9a:${ones(6)}`)]).toEqual([false, false]);
  });

  it.each([...blocks4.flatMap(([, first, last]) => [first, last]), ...publicAddresses4])(
    'mapped, compatible or translated is never public: %s',
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
  ])('is never public as %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('D-21: what is no address', () => {
  it.each(['fe80::1%eth0', '::1%lo', 'fd00::1%1', '::ffff:127.0.0.1%eth0', '64:ff9b::10.0.0.1%eth0'])(
    'a scope makes no other address public: %s',
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
  ])('is not public: %j', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});
