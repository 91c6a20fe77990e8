import { describe, expect, it } from 'vitest';
import { schemeIsPermitted } from '../../src/model/fetch-terms.js';

describe('D-21: which schemes the terms allow', () => {
  it.each(['never', 'loopback', 'anywhere'] as const)('https always, with plain http %s', (plainHttp) => {
    expect(schemeIsPermitted(new URL('https://as.example/'), plainHttp)).toBe(true);
  });

  it('plain http never, on this machine, or anywhere, as the terms say', () => {
    const [here, elsewhere] = [new URL('http://127.0.0.1/'), new URL('http://as.example/')];
    expect([schemeIsPermitted(here, 'never'), schemeIsPermitted(elsewhere, 'never')]).toEqual([false, false]);
    expect([schemeIsPermitted(here, 'loopback'), schemeIsPermitted(elsewhere, 'loopback')]).toEqual([true, false]);
    expect([schemeIsPermitted(here, 'anywhere'), schemeIsPermitted(elsewhere, 'anywhere')]).toEqual([true, true]);
  });

  it.each(['ftp://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd', 'data:,x', 'unix:/tmp/x', 'javascript:0'])(
    'no other: %s',
    (url) => {
      expect(schemeIsPermitted(new URL(url), 'anywhere')).toBe(false);
    },
  );
});
