import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import type { TokenCacheSettings } from '../../packages/core/src/cache/token-cache.js';
import { KeyLoader } from '../../packages/core/src/keys/key-loader.js';
import { RemoteKeySource } from '../../packages/core/src/keys/remote-key-source.js';
import { NetworkError } from '../../packages/core/src/model/ports.js';
import { Refusal } from '../../packages/core/src/model/refusal.js';
import { Credential } from '../../packages/core/src/model/stages.js';
import type { StandardSchema } from '../../packages/core/src/model/standard-schema.js';
import { parseOptions } from '../../packages/core/src/options/parse-options.js';
import { Pipeline } from '../../packages/core/src/pipeline.js';
import { evaluatePolicy } from '../../packages/core/src/policy/evaluate-policy.js';
import { noRequest } from '../../packages/core/src/policy/no-request.js';
import { scope } from '../../packages/core/src/policy/policies.js';
import { ConfiguredIssuers } from '../../packages/core/src/token/configured-issuers.js';
import { keyRules } from '../../packages/core/test/support/key-rules.js';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { ScriptedFetcher } from '../../packages/core/test/support-network/scripted-fetcher.js';
import { propertiesOf } from './support/properties.js';

/*
 * The cache of verified tokens may save work and nothing else. Under any changes of time, keys,
 * issuer and schema, a pipeline with the cache and one without it give the same verdicts.
 */

const property = propertiesOf(import.meta.filename);
const issuer = 'https://issuer.example';
const audience = 'https://api.example';
const jwksUri = `${issuer}/jwks`;
const startSeconds = 1_800_000_000;

/** Two keys with the same kid, and one with another. A kid can be reused for another key. */
const pairs = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
] as const;
const kids = ['a', 'a', 'b'] as const;
const jwks = pairs.map(({ publicKey }, at) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: kids[at],
  alg: 'ES256',
  use: 'sig',
}));

const lifetimes = [30, 300, 5000, 100_000];
const tokens = pairs.flatMap(({ privateKey }, key) =>
  lifetimes.flatMap((lifetime, at) => [
    mint(privateKey, kids[key] ?? '', lifetime, at % 2 === 0 ? 'read' : 'write'),
    // Valid later, or changed after signing.
    mint(privateKey, kids[key] ?? '', lifetime, 'read', { nbf: startSeconds + 400 }),
    `${mint(privateKey, kids[key] ?? '', lifetime, 'read').slice(0, -4)}AAAA`,
  ]),
);

function mint(key: KeyObject, kid: string, lifetime: number, scopes: string, more: object = {}): string {
  const header = { alg: 'ES256', typ: 'at+jwt', kid };
  const times = { iat: startSeconds, exp: startSeconds + lifetime };
  const claims = { iss: issuer, aud: audience, sub: 'ada', client_id: 'web', jti: `${kid}${lifetime}`, scope: scopes };
  const input = [header, { ...claims, ...times, ...more }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

type Event =
  | { readonly present: number; readonly checksPolicy: boolean }
  | { readonly advance: number }
  | { readonly publish: readonly number[] }
  | { readonly outage: boolean }
  | { readonly schemaAccepts: boolean };

/** Tokens with a long lifetime, so that they are presented again after other events. */
const lasting = tokens.flatMap((_, at) =>
  at % 3 === 0 && (lifetimes[Math.floor((at % 12) / 3)] ?? 0) >= 5000 ? [at] : [],
);
const token = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...lasting) },
  { weight: 1, arbitrary: fc.nat(tokens.length - 1) },
);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ present: token, checksPolicy: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ advance: fc.constantFrom(1, 29, 31, 290, 479, 500, 601, 4200) }) },
  { weight: 1, arbitrary: fc.record({ publish: fc.uniqueArray(fc.nat(2), { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ outage: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ schemaAccepts: fc.boolean() }) },
);

/** One side of the comparison. Both sides share only the clock. */
class Side {
  schemaAccepts = true;
  readonly #fetcher = new ScriptedFetcher();
  readonly #pipeline: Pipeline<unknown>;

  constructor(clock: FrozenClock, tokenCache: TokenCacheSettings | false) {
    const schema: StandardSchema<unknown> = {
      '~standard': {
        version: 1,
        vendor: 'property',
        validate: (value) => (this.schemaAccepts ? { value } : { issues: [] }),
      },
    };
    const settings = parseOptions({ issuer, audience, clock, claims: schema });
    const location = {
      issuer,
      jwksUri: new URL(jwksUri),
      rules: keyRules(),
      terms: { plainHttp: 'never', hosts: undefined, addresses: 'any' },
    } as const;
    const keys = new RemoteKeySource(issuer, new KeyLoader(location, this.#fetcher), settings.keys, clock);
    const claims = { profile: 'rfc9068', issuer, audience: [audience], scopeClaims: ['scope'] } as const;
    const trusted = { signature: { algorithms: new Set(['ES256'] as const), keys }, claims };
    this.#pipeline = new Pipeline(new ConfiguredIssuers(new Map([[issuer, trusted]])), { ...settings, tokenCache });
  }

  publish(served: readonly number[] | undefined): void {
    const set = served?.map((at) => jwks[at]);
    this.#fetcher.answer(jwksUri, set === undefined ? new NetworkError('unreachable', 'down') : { keys: set });
  }

  /** Everything that a caller can see of the verdict. */
  async present(at: number, checksPolicy: boolean): Promise<unknown> {
    const verified = await this.#pipeline.verify(new Credential('Bearer', tokens[at] ?? ''));
    const auth = verified instanceof Refusal ? verified : await this.#pipeline.authenticate(verified);
    const refusal =
      auth instanceof Refusal || !checksPolicy
        ? auth
        : ((await evaluatePolicy(scope('read'), auth, noRequest)) ?? auth);
    // A fetch that a request started without waiting for it ends before the next event, on both
    // sides.
    await setImmediate();
    if (refusal instanceof Refusal)
      return { code: refusal.code, detail: refusal.detail, retry: refusal.fields.retryAfterSeconds };
    return { ...refusal, claims: { ...(refusal.claims as object) }, token: refusal.token };
  }
}

async function compare(events: readonly Event[], tokenCache: TokenCacheSettings): Promise<number> {
  const clock = frozenClock(startSeconds * 1000);
  const sides = [new Side(clock, tokenCache), new Side(clock, false)] as const;
  let served: readonly number[] = [0, 2];
  let isDown = false;
  let accepted = 0;
  for (const side of sides) side.publish(served);
  for (const one of events) {
    if ('advance' in one) clock.advance(one.advance);
    if ('schemaAccepts' in one) for (const side of sides) side.schemaAccepts = one.schemaAccepts;
    if ('publish' in one) served = one.publish;
    if ('outage' in one) isDown = one.outage;
    if ('publish' in one || 'outage' in one) for (const side of sides) side.publish(isDown ? undefined : served);
    if ('present' in one) {
      const [withCache, withoutCache] = [
        await sides[0].present(one.present, one.checksPolicy),
        await sides[1].present(one.present, one.checksPolicy),
      ];
      expect(withCache).toEqual(withoutCache);
      if (!(withoutCache as { code?: string }).code) accepted += 1;
    }
  }
  return accepted;
}

describe('the cache of verified tokens', () => {
  // Back-off and freshness have random jitter, which must be the same on both sides.
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  let accepted = 0;
  property(
    'the token cache changes no verdict, under any changes of time, keys, issuer, policy, schema and its own size (D-24)',
    fc.tuple(fc.array(event, { minLength: 5, maxLength: 40 }), fc.constantFrom(1, 3, 10_000)),
    async ([events, maxEntries]) => {
      accepted += await compare(events, { maxEntries, maxBytes: 1024 * 1024 });
    },
    {
      share: 0.3,
      // A withdrawn key, a kid that is reused for another key, and an outage longer than the keys
      // are fresh.
      examples: [
        [
          [
            { present: 3, checksPolicy: true },
            { publish: [1, 2] },
            { advance: 601 },
            { present: 3, checksPolicy: true },
            { publish: [0] },
            { advance: 601 },
            { present: 3, checksPolicy: true },
          ],
          10_000,
        ],
        [
          [
            { present: 9, checksPolicy: false },
            { outage: true },
            { advance: 601 },
            { present: 9, checksPolicy: false },
            { advance: 5000 },
            { present: 9, checksPolicy: false },
          ],
          10_000,
        ],
      ],
      afterwards: (tried) => expect(accepted).toBeGreaterThan(tried),
    },
  );
});
