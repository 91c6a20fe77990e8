import { describe, expect, it } from 'vitest';
import { parseAlgorithms, rsaAlgorithmOf } from '../../src/options/parse-algorithms.js';
import { createWithIssuer, refusedOption } from '../support-network/options.js';

describe('D-13: algorithms', () => {
  it('[RS-8725-3.1-a] D-13: by default are the closed list', () => {
    const all = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'];
    expect([...parseAlgorithms('algorithms', undefined)]).toEqual(all);
  });

  it.each(['HS256', 'HS384', 'HS512', 'none', 'None', 'ES256K', 'es256', 'RSA-OAEP', '', 7, null, '__proto__'])(
    '[RS-7519-8-a] [RS-7518-3.6-a] D-13: nothing outside of it can be asked for: %j',
    (alg) => {
      expect(refusedOption(() => createWithIssuer({ algorithms: ['ES256', alg] }))).toBe('issuer.algorithms');
    },
  );

  it.each([[], 'ES256', {}, 7])('are a list of at least one: not %j', (algorithms) => {
    expect(refusedOption(() => createWithIssuer({ algorithms }))).toBe('issuer.algorithms');
    expect(refusedOption(() => createWithIssuer({ algorithms: ['ES256'] }))).toBeUndefined();
  });

  it('[RS-8725-3.2-b] EdDSA is Ed25519', () => {
    expect([...parseAlgorithms('algorithms', ['EdDSA', 'Ed25519'])]).toEqual(['Ed25519']);
  });
});

describe('D-14: what an RSA key without alg is for', () => {
  it.each([
    [undefined, 'RS256'],
    [['PS256'], 'PS256'],
    [['ES256', 'RS512'], 'RS512'],
    [['PS256', 'PS512'], 'RS256'],
    [['ES256'], 'RS256'],
  ])('D-14: with the algorithms %j, %s', (algorithms, expected) => {
    expect(rsaAlgorithmOf(parseAlgorithms('algorithms', algorithms))).toBe(expected);
  });
});

describe('profile', () => {
  it('is rfc9068 or jwt', () => {
    for (const tokenProfile of ['rfc9068', 'jwt']) {
      expect(refusedOption(() => createWithIssuer({ tokenProfile }))).toBeUndefined();
    }
    for (const tokenProfile of ['JWT', '', 'none', 7, {}]) {
      expect(refusedOption(() => createWithIssuer({ tokenProfile }))).toBe('issuer.tokenProfile');
    }
  });

  it('scopeClaims are a list of names, at least one', () => {
    for (const scopeClaims of ['scope', [], [''], [7], {}]) {
      expect(refusedOption(() => createWithIssuer({ scopeClaims }))).toBe('issuer.scopeClaims');
    }
    expect(refusedOption(() => createWithIssuer({ scopeClaims: ['permissions'] }))).toBeUndefined();
  });

  it('audience of an issuer is judged as the one of the server', () => {
    for (const audience of ['', [], [''], 7]) {
      expect(refusedOption(() => createWithIssuer({ audience }))).toBe('issuer.audience');
    }
    expect(refusedOption(() => createWithIssuer({ audience: null }))).toBeUndefined();
  });
});
