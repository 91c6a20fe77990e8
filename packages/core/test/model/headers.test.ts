import { describe, expect, it } from 'vitest';
import { headersByName } from '../../src/model/headers.js';

describe('headersByName', () => {
  it('headersByName has a string for a single line and an array in order for repeated lines', () => {
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

  it('headersByName of no lines is empty', () => {
    expect(headersByName([])).toEqual({});
  });
});
