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

/** A pipeline for tokens of the issuer that counts how often it asked for a key and for the schema. */
function makePipeline(): { pipeline: Pipeline<unknown>; asked: { keys: number; schema: number } } {
  const asked = { keys: 0, schema: 0 };
  const keys: KeySource = {
    find() {
      asked.keys++;
      return key;
    },
    findNewer: () => undefined,
    ready: async () => undefined,
    status: () => ({ keys: 'given', fetches: 0 }),
    snapshot: () => undefined,
  };
  const validate = () => {
    asked.schema++;
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
  return { pipeline, asked };
}

async function judge(token: string) {
  const { pipeline, asked } = makePipeline();
  const verified = await pipeline.verify(new Credential('Bearer', token));
  const answer = verified instanceof Refusal ? verified : await pipeline.admit(verified);
  return { code: verdict(answer), asked };
}

const over = { exp: 1, iat: 0 };
const bound = { cnf: { jkt: 'x' } };

describe('D-10: of several rooms that could refuse, the first one does', () => {
  it.each([
    ['what is too large is not parsed', () => issuer.bad.oversized({ claims: { iss: 'x' } }), 'token_too_large'],
    [
      'what cannot be parsed has no issuer',
      () => issuer.bad.criticalExtension({ claims: { iss: 'x' } }),
      'token_malformed',
    ],
    ['a foreign issuer before its algorithm', () => issuer.bad.algNone({ claims: { iss: 'x' } }), 'issuer_untrusted'],
    ['the algorithm before expiry', () => issuer.bad.algNone({ claims: over }), 'algorithm_refused'],
    ['the signature before the type', () => issuer.bad.foreignSignature({ header: { typ: 'x' } }), 'signature_invalid'],
    ['the signature before expiry', () => issuer.bad.tamperedSignature({ claims: over }), 'signature_invalid'],
    ['the claims before expiry', () => issuer.bad.wrongAudience({ claims: over }), 'audience_mismatch'],
    ['the type before the audience', () => issuer.bad.wrongType({ audience: 'x', claims: over }), 'type_refused'],
    ['expiry before the binding', () => issuer.bad.expired({ claims: bound }), 'token_expired'],
    ['the binding before the schema', () => issuer.bad.boundToKey(), 'binding_unsupported'],
    ['the schema at last', () => issuer.token(), 'claims_refused'],
  ])('%s', async (_law, mint, expected) => {
    const { code, asked } = await judge(await mint());
    expect(code).toBe(expected);
    expect(asked.schema).toBe(expected === 'claims_refused' ? 1 : 0);
  });
});

describe('garbage, foreign issuers and algorithms nobody asked for cost no look for a key', () => {
  it.each([
    'opaque',
    'oversized',
    'fourSegments',
    'criticalExtension',
    'wrongIssuer',
    'lookalikeIssuer',
    'algNone',
    'hmacWithPublicKey',
  ] as const)('%s', async (name) => {
    expect((await judge(await issuer.bad[name]())).asked.keys).toBe(0);
    expect((await judge(await issuer.token())).asked.keys).toBe(1);
  });
});

describe('D-13: a key that travels in the token is not looked at, nor fetched', () => {
  it.each(['embeddedKey', 'remoteKey'] as const)('%s', async (name) => {
    expect((await judge(await issuer.bad[name]())).code).toBe('signature_invalid');
    expect(issuer.requests.count('decoy')).toBe(0);
  });
});
