import { describe, expect, it } from 'vitest';
import { parseSeed } from '../../src/options/parse-seed.js';
import { makeJwk } from '../support-network/keys.js';
import { create, good, refusedOption } from '../support-network/options.js';

const jwks = { keys: [makeJwk('P-256', { kid: 'a' })] };
const one = { issuer: 'https://as.example', fetchedAt: 1_800_000_000_000, freshSeconds: 600, jwks };

/** The option that the error names for a good seed whose issuer has these changes. */
function refusedIssuer(members: Readonly<Record<string, unknown>>): string | undefined {
  return refusedOption(() => create({ keys: { seed: { version: 1, issuers: [{ ...one, ...members }] } } }));
}

describe('the option keys.seed', () => {
  it('keys.seed accepts a snapshot, also after a JSON round trip', () => {
    expect(refusedIssuer({})).toBeUndefined();
    const seed = JSON.parse(JSON.stringify({ version: 1, issuers: [one] }));
    expect(refusedOption(() => create({ keys: { seed } }))).toBeUndefined();
    expect(refusedOption(() => create({ keys: { seed: { version: 1, issuers: [] } } }))).toBeUndefined();
  });

  it('keys.seed is empty by default', () => {
    expect(parseSeed('keys.seed', undefined)).toEqual(new Map());
  });

  it.each([null, 7, 'x', [], [one], new Map(), () => {}])('keys.seed must be an object: not %s', (seed) => {
    expect(refusedOption(() => create({ keys: { seed } }))).toBe('keys.seed');
  });

  it.each([
    ['keys.seed.version', { version: 2, issuers: [] }],
    ['keys.seed.version', { version: '1', issuers: [] }],
    ['keys.seed.version', { issuers: [] }],
    ['keys.seed.issuers', { version: 1 }],
    ['keys.seed.issuers', { version: 1, issuers: {} }],
    ['keys.seed.issuers', { version: 1, issuers: 'https://as.example' }],
    ['keys.seed.extra', { version: 1, issuers: [], extra: 1 }],
    ['keys.seed.issuers[0]', { version: 1, issuers: [null] }],
    ['keys.seed.issuers[1]', { version: 1, issuers: [one, 'https://as.example'] }],
  ])('the error for an invalid keys.seed names %s', (option, seed) => {
    expect(refusedOption(() => create({ keys: { seed } }))).toBe(option);
  });

  it.each<[string, readonly unknown[]]>([
    ['issuer', [undefined, null, '', 7, ['https://as.example']]],
    ['fetchedAt', [undefined, null, '2026-01-01', -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, 1n]],
    ['freshSeconds', [undefined, null, '600', -1, Number.NaN, Number.POSITIVE_INFINITY, {}]],
    ['jwks', [undefined, null, '{"keys":[]}', [], 7, new Map()]],
    ['extra', [1, null]],
  ])('the error for an invalid issuer of keys.seed names its member %s', (member, values) => {
    for (const value of values) expect(refusedIssuer({ [member]: value })).toBe(`keys.seed.issuers[0].${member}`);
  });

  it.each<[string, object]>([
    ['no keys', {}],
    ['keys that are not an array', { keys: {} }],
    ['a value that JSON cannot represent', { keys: [1n] }],
    ['a circular object', circularKeys()],
    ['a toJSON that returns undefined', { toJSON: () => undefined }],
  ])('the error for keys.seed names the jwks that has %s', (_, bad) => {
    expect(refusedIssuer({ jwks: bad })).toBe('keys.seed.issuers[0].jwks');
  });

  it('the error names keys.seed if the set of a trusted issuer has more than 1000 keys', () => {
    expect(refusedIssuer({ jwks: { keys: Array.from({ length: 1001 }, () => ({})) } })).toBe('keys.seed');
  });

  it('keys.seed skips an unusable key among good ones, as a fetched set does', () => {
    expect(refusedIssuer({ jwks: { keys: [{ kty: 'oct', k: 'AAAA' }, null, ...jwks.keys] } })).toBeUndefined();
  });

  it('keys.seed ignores issuers that are not trusted, even with invalid keys', () => {
    expect(refusedIssuer({ issuer: 'https://other.example', jwks: { keys: ['none'] } })).toBeUndefined();
  });

  it('keys.seed is ignored for an issuer with a jwks option', () => {
    const issuer = { issuer: good.issuer, jwks };
    const seed = { version: 1, issuers: [{ ...one, jwks: { keys: ['none'] } }] };
    expect(refusedOption(() => create({ issuer, keys: { seed } }))).toBeUndefined();
  });

  it('keys.seed refuses an option named __proto__', () => {
    const seed = JSON.parse(`{"version":1,"issuers":[],"__proto__":{"issuers":[7]}}`);
    expect(refusedOption(() => create({ keys: { seed } }))).toBe('keys.seed.__proto__');
  });
});

function circularKeys(): object {
  const keys: unknown[] = [];
  keys.push(keys);
  return { keys };
}
