import { describe, expect, it } from 'vitest';
import { schemeIsPermitted } from '../../src/model/fetch-terms.js';

describe('the URL schemes that the fetch terms permit (D-21)', () => {
  it.each(['never', 'loopback', 'anywhere'] as const)('https is permitted with plainHttp %s (D-21)', (plainHttp) => {
    expect(schemeIsPermitted(new URL('https://as.example/'), plainHttp)).toBe(true);
  });

  it('plain http is permitted never, on loopback, or anywhere, according to plainHttp (D-21)', () => {
    const [here, elsewhere] = [new URL('http://127.0.0.1/'), new URL('http://as.example/')];
    expect([schemeIsPermitted(here, 'never'), schemeIsPermitted(elsewhere, 'never')]).toEqual([false, false]);
    expect([schemeIsPermitted(here, 'loopback'), schemeIsPermitted(elsewhere, 'loopback')]).toEqual([true, false]);
    expect([schemeIsPermitted(here, 'anywhere'), schemeIsPermitted(elsewhere, 'anywhere')]).toEqual([true, true]);
  });

  it.each(['ftp://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd', 'data:,x', 'unix:/tmp/x', 'javascript:0'])(
    'other schemes are never permitted: %s (D-21)',
    (url) => {
      expect(schemeIsPermitted(new URL(url), 'anywhere')).toBe(false);
    },
  );
});
