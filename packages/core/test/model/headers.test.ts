import { describe, expect, it } from 'vitest';
import { headersByName } from '../../src/model/headers.js';

describe('headers by name', () => {
  it('are text where the name comes once, and a list in order where it comes more often', () => {
    const byName = headersByName([
      ['WWW-Authenticate', 'Bearer realm="api"'],
      ['Cache-Control', 'no-store'],
      ['WWW-Authenticate', 'DPoP algs="ES256"'],
      ['WWW-Authenticate', 'Basic'],
    ]);
    expect(byName).toEqual({
      'WWW-Authenticate': ['Bearer realm="api"', 'DPoP algs="ES256"', 'Basic'],
      'Cache-Control': 'no-store',
    });
  });

  it('of no lines are none', () => {
    expect(headersByName([])).toEqual({});
  });
});
