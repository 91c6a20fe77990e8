import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from '../../src/model/loopback.js';

describe('D-21: this machine by its addresses', () => {
  it.each(['127.0.0.1', '127.0.0.0', '127.255.0.1', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'])(
    'is %s',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );

  it('is an IPv4 address of it in IPv6 notation, since that is where a connection goes', () => {
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
  ])('is not %j', (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});

describe('D-21: this machine by its name in a URL', () => {
  it.each(['127.0.0.1', '127.255.0.1', '::1', '[::1]', 'localhost', 'a.localhost', 'a.b.localhost'])(
    'is %s',
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
  ])('is not %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  it.each(['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://LOCALHOST/'])(
    'is %s once the URL is parsed, as it is for the connection',
    (url) => {
      expect(isLoopbackHost(new URL(url).hostname)).toBe(true);
    },
  );

  it.each(['http://167772161/', 'http://0/', 'http://0xa9fea9fe/', 'http://[::ffff:169.254.169.254]/'])(
    'is not %s, however it is written',
    (url) => {
      expect(isLoopbackHost(new URL(url).hostname)).toBe(false);
    },
  );
});
