import { describe, expect, it } from 'vitest';
import { parseAlgorithms, rsaAlgorithmOf } from '../../src/options/parse-algorithms.js';
import { createWithIssuer, refusedOption } from '../support-network/options.js';

describe('the option algorithms (D-13)', () => {
  it('algorithms is by default the closed list of asymmetric algorithms (D-13) [RS-8725-3.1-a]', () => {
    const all = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'];
    expect([...parseAlgorithms('algorithms', undefined)]).toEqual(all);
  });

  it.each(['HS256', 'HS384', 'HS512', 'none', 'None', 'ES256K', 'es256', 'RSA-OAEP', '', 7, null, '__proto__'])(
    'algorithms refuses a value outside the closed list: %j (D-13) [RS-7519-8-a] [RS-7518-3.6-a]',
    (alg) => {
      expect(refusedOption(() => createWithIssuer({ algorithms: ['ES256', alg] }))).toBe('issuer.algorithms');
    },
  );

  it.each([[], 'ES256', {}, 7])('algorithms must be a non-empty array: not %j', (algorithms) => {
    expect(refusedOption(() => createWithIssuer({ algorithms }))).toBe('issuer.algorithms');
    expect(refusedOption(() => createWithIssuer({ algorithms: ['ES256'] }))).toBeUndefined();
  });

  it('algorithms treats EdDSA as Ed25519 [RS-8725-3.2-b]', () => {
    expect([...parseAlgorithms('algorithms', ['EdDSA', 'Ed25519'])]).toEqual(['Ed25519']);
  });
});

describe('the algorithm of an RSA key without alg (D-14)', () => {
  it.each([
    [undefined, 'RS256'],
    [['PS256'], 'PS256'],
    [['ES256', 'RS512'], 'RS512'],
    [['PS256', 'PS512'], 'RS256'],
    [['ES256'], 'RS256'],
  ])('with the algorithms %j an RSA key without alg is for %s (D-14)', (algorithms, expected) => {
    expect(rsaAlgorithmOf(parseAlgorithms('algorithms', algorithms))).toBe(expected);
  });
});

describe('tokenProfile, scopeClaims and audience of an issuer', () => {
  it('tokenProfile is rfc9068 or jwt', () => {
    for (const tokenProfile of ['rfc9068', 'jwt']) {
      expect(refusedOption(() => createWithIssuer({ tokenProfile }))).toBeUndefined();
    }
    for (const tokenProfile of ['JWT', '', 'none', 7, {}]) {
      expect(refusedOption(() => createWithIssuer({ tokenProfile }))).toBe('issuer.tokenProfile');
    }
  });

  it('scopeClaims is a non-empty array of claim names', () => {
    for (const scopeClaims of ['scope', [], [''], [7], {}]) {
      expect(refusedOption(() => createWithIssuer({ scopeClaims }))).toBe('issuer.scopeClaims');
    }
    expect(refusedOption(() => createWithIssuer({ scopeClaims: ['permissions'] }))).toBeUndefined();
  });

  it('audience of an issuer is parsed like audience of the server', () => {
    for (const audience of ['', [], [''], 7]) {
      expect(refusedOption(() => createWithIssuer({ audience }))).toBe('issuer.audience');
    }
    expect(refusedOption(() => createWithIssuer({ audience: null }))).toBeUndefined();
  });
});
