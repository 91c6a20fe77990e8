import { describe, expect, it } from 'vitest';
import { isHttpsIssuer } from '../../src/token/https-issuer.js';

const long = (length: number) => `https://tenant.example/${'a'.repeat(length)}`.slice(0, length);

describe('isHttpsIssuer: an https issuer in normal form (RFC 8414 section 2)', () => {
  it.each([
    'https://tenant.example',
    'https://tenant.example/',
    'https://tenant.example:8443',
    'https://tenant.example:8443/',
    'https://tenant.example/one',
    'https://tenant.example/one/',
    'https://tenant.example/one/two.three_four~five-6',
    'https://tenant.example/%41',
    'https://tenant.example/a;b=c,d',
    'https://xn--bcher-kva.example',
    'https://127.0.0.1',
    long(512),
  ])('%s is an https issuer in normal form', (identifier) => {
    expect(isHttpsIssuer(identifier)).toBe(true);
  });

  it.each([
    ['another scheme', 'http://tenant.example'],
    ['a scheme in upper case', 'HTTPS://tenant.example'],
    ['a longer scheme', 'httpsx://tenant.example'],
    ['no scheme', 'tenant.example'],
    ['a scheme without a host', 'https://'],
    ['a scheme without slashes', 'https:tenant.example'],
    ['one slash', 'https:/tenant.example'],
    ['three slashes', 'https:///tenant.example'],
    ['backslashes', 'https:\\\\tenant.example'],
    ['a backslash in the path', 'https://tenant.example\\evil.example'],
    ['a query', 'https://tenant.example/?a=1'],
    ['an empty query', 'https://tenant.example/?'],
    ['a fragment', 'https://tenant.example/#a'],
    ['an empty fragment', 'https://tenant.example#'],
    ['a user', 'https://user@tenant.example'],
    ['a user and a password', 'https://tenant.example:pass@evil.example'],
    ['an empty user', 'https://@tenant.example'],
    ['an at-sign in the path', 'https://tenant.example/@evil.example'],
    ['a host in upper case', 'https://Tenant.example'],
    ['the default port', 'https://tenant.example:443'],
    ['an empty port', 'https://tenant.example:'],
    ['a port with zeros in front', 'https://tenant.example:08443'],
    ['a port out of range', 'https://tenant.example:65536'],
    ['dot segments', 'https://tenant.example/a/../b'],
    ['a dot segment', 'https://tenant.example/./b'],
    ['escaped dot segments', 'https://tenant.example/%2e%2e/b'],
    ['a name that is not ASCII', 'https://b\u00fccher.example'],
    ['a path that is not ASCII', 'https://tenant.example/b\u00fccher'],
    ['an escaped host', 'https://%74enant.example'],
    ['an ideographic full stop', 'https://tenant\u3002example'],
    ['a soft hyphen', 'https://ten\u00adant.example'],
    ['a trailing space', 'https://tenant.example '],
    ['a leading space', ' https://tenant.example'],
    ['a trailing line break', 'https://tenant.example\n'],
    ['a trailing line break after the slash', 'https://tenant.example/\n'],
    ['a line break inside', 'https://tenant.\nexample'],
    ['a tab in the path', 'https://tenant.example/a\tb'],
    ['a NUL', 'https://tenant.example/\0'],
    ['an address in decimal', 'https://2130706433'],
    ['an address in hexadecimal', 'https://0x7f.1'],
    ['an IPv6 address that is not in its shortest form', 'https://[0:0:0:0:0:0:0:1]'],
    ['an IPv6 address without its brackets', 'https://::1'],
    ['an IPv6 address', 'https://[2606:4700::1111]'],
    ['one label', 'https://localhost'],
    ['a trailing dot', 'https://tenant.example.'],
    ['an empty label', 'https://tenant..example'],
    ['a wildcard', 'https://*.example'],
    ['a leading character that hosts do not have', 'https://!tenant.example'],
    ['the empty string', ''],
    ['a word', 'constructor'],
  ])('an identifier with %s is not an https issuer: %j', (_, identifier) => {
    expect(isHttpsIssuer(identifier)).toBe(false);
  });

  it('an https issuer has at most 512 characters (D-27)', () => {
    expect([isHttpsIssuer(long(512)), isHttpsIssuer(long(513))]).toEqual([true, false]);
    expect(isHttpsIssuer(long(8000))).toBe(false);
  });
});
