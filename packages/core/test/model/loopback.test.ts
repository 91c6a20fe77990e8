import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from '../../src/model/loopback.js';

describe('isLoopbackAddress (D-21)', () => {
  it.each(['127.0.0.1', '127.0.0.0', '127.255.0.1', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'])(
    '%s is a loopback address (D-21)',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );

  it('an IPv4-mapped loopback address is loopback, since the connection goes there (D-21)', () => {
    expect(isLoopbackAddress('::ffff:127.0.0.1')).toBe(true);
    expect(isLoopbackAddress('::ffff:10.0.0.1')).toBe(false);
  });

  it.each([
    '0.0.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.0.1',
    '::',
    '::2',
    '::7f00:1',
    'fe80::1',
    'fc00::1',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '127.0.0.1 ',
    '',
  ])('%j is not a loopback address (D-21)', (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});

describe('isLoopbackHost (D-21)', () => {
  it.each(['127.0.0.1', '127.255.0.1', '::1', '[::1]', 'localhost', 'a.localhost', 'a.b.localhost'])(
    '%s is a loopback host (D-21)',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil-localhost',
    'notlocalhost',
    'localhost.localdomain',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    '[::]',
    '[fe80::1]',
    '',
  ])('%j is not a loopback host (D-21)', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  it.each(['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://LOCALHOST/'])(
    'the host of %s is loopback after URL parsing, as for the connection (D-21)',
    (url) => {
      expect(isLoopbackHost(new URL(url).hostname)).toBe(true);
    },
  );

  it.each(['http://167772161/', 'http://0/', 'http://0xa9fea9fe/', 'http://[::ffff:169.254.169.254]/'])(
    'the host of %s is not loopback in any notation (D-21)',
    (url) => {
      expect(isLoopbackHost(new URL(url).hostname)).toBe(false);
    },
  );
});
