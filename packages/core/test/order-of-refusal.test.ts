import { createMockIssuer } from '@resource-server/mock-issuer';
import { afterAll, describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../src/jws/algorithms.js';
import { importPublicKey } from '../src/jws/public-key.js';
import type { KeySource } from '../src/model/ports.js';
import { Refusal } from '../src/model/refusal.js';
import { Credential } from '../src/model/stages.js';
import { Pipeline } from '../src/pipeline.js';
import { ConfiguredIssuers } from '../src/token/configured-issuers.js';
import { jsonObject } from './support/json-object.js';
import { keyRules } from './support/key-rules.js';
import { passed, verdict } from './support/verdict.js';

const audience = 'https://api.example.com';
const issuer = await createMockIssuer({ alg: 'ES256', audience });
afterAll(() => issuer.close());
const key = passed(importPublicKey(jsonObject({ ...issuer.jwks.keys[0] }), keyRules()));

/** A pipeline for tokens of the issuer. It counts the key look-ups and the schema calls. */
function makePipeline(): { pipeline: Pipeline<unknown>; calls: { keys: number; schema: number } } {
  const calls = { keys: 0, schema: 0 };
  const keys: KeySource = {
    find() {
      calls.keys++;
      return key;
    },
    findReplacement: () => undefined,
    ready: async () => undefined,
    status: () => ({ keys: 'given', fetches: 0 }),
    snapshot: () => undefined,
  };
  const validate = () => {
    calls.schema++;
    return { issues: [{ message: 'no' }] };
  };
  const lane = {
    signature: { algorithms: new Set<KeyAlgorithm>(['ES256']), keys },
    claims: { profile: 'rfc9068', issuer: issuer.issuer, audience: [audience], scopeClaims: ['scope'] },
  } as const;
  const pipeline = new Pipeline<unknown>(new ConfiguredIssuers(new Map([[issuer.issuer, lane]])), {
    token: { maxTokenBytes: 8192 },
    validity: { clock: issuer.clock, clockToleranceSeconds: 0, maxTokenAgeSeconds: undefined },
    tokenCache: false,
    routeOpaqueToken: undefined,
    revocation: { isRevoked: undefined },
    keys: { timeoutSeconds: 3 },
    auth: { schema: { '~standard': { version: 1, vendor: 'test', validate } }, scopeImplies: new Map() },
  });
  return { pipeline, calls };
}

async function runPipeline(token: string) {
  const { pipeline, calls } = makePipeline();
  const verified = await pipeline.verify(new Credential('Bearer', token));
  const answer = verified instanceof Refusal ? verified : await pipeline.authenticate(verified);
  return { code: verdict(answer), calls };
}

const expiredTimes = { exp: 1, iat: 0 };
const bound = { cnf: { jkt: 'x' } };

describe('the order in which the stages refuse a token with several faults (D-10)', () => {
  it.each([
    ['an oversized token is not parsed', () => issuer.bad.oversized({ claims: { iss: 'x' } }), 'token_too_large'],
    [
      'the structure before the issuer',
      () => issuer.bad.criticalExtension({ claims: { iss: 'x' } }),
      'token_malformed',
    ],
    ['the issuer before the algorithm', () => issuer.bad.algNone({ claims: { iss: 'x' } }), 'issuer_untrusted'],
    ['the algorithm before expiry', () => issuer.bad.algNone({ claims: expiredTimes }), 'algorithm_refused'],
    ['the signature before the type', () => issuer.bad.foreignSignature({ header: { typ: 'x' } }), 'signature_invalid'],
    ['the signature before expiry', () => issuer.bad.tamperedSignature({ claims: expiredTimes }), 'signature_invalid'],
    ['the claims before expiry', () => issuer.bad.wrongAudience({ claims: expiredTimes }), 'audience_mismatch'],
    [
      'the type before the audience',
      () => issuer.bad.wrongType({ audience: 'x', claims: expiredTimes }),
      'type_refused',
    ],
    ['expiry before the binding', () => issuer.bad.expired({ claims: bound }), 'token_expired'],
    ['the binding before the schema', () => issuer.bad.boundToKey(), 'binding_unsupported'],
    ['the claims schema last', () => issuer.token(), 'claims_refused'],
  ])('the pipeline reports the first refusal: %s (D-10)', async (_order, mint, expected) => {
    const { code, calls } = await runPipeline(await mint());
    expect(code).toBe(expected);
    expect(calls.schema).toBe(expected === 'claims_refused' ? 1 : 0);
  });
});

describe('malformed tokens, unknown issuers and algorithms that are not allowed', () => {
  it.each([
    'opaque',
    'oversized',
    'fourSegments',
    'criticalExtension',
    'wrongIssuer',
    'lookalikeIssuer',
    'algNone',
    'hmacWithPublicKey',
  ] as const)('the bad token %s is refused without a key look-up', async (name) => {
    expect((await runPipeline(await issuer.bad[name]())).calls.keys).toBe(0);
    expect((await runPipeline(await issuer.token())).calls.keys).toBe(1);
  });
});

describe('keys and key URLs in the token header (D-13)', () => {
  it.each(['embeddedKey', 'remoteKey'] as const)(
    'a key in the token header (%s) is neither used nor fetched (D-13)',
    async (name) => {
      expect((await runPipeline(await issuer.bad[name]())).code).toBe('signature_invalid');
      expect(issuer.requests.count('decoy')).toBe(0);
    },
  );
});
