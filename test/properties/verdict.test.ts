import { createMockIssuer } from '@resource-server/mock-issuer';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { createResourceServer } from '../../packages/core/src/resource-server.js';
import type { Running, WireRequest, WireResponse } from '../suite/harness.js';
import { coreHarness } from '../suite/harnesses/core.js';
import { express5Harness } from '../suite/harnesses/express.js';
import { fastifyHarness } from '../suite/harnesses/fastify.js';
import { koa3Harness } from '../suite/harnesses/koa.js';
import { propertiesOf } from './support/properties.js';
import { audience, nowSeconds, objectText, overlaid, recipesFor } from './support/recipes.js';
import { createStamps, ownStamps } from './support/stamps.js';
import { authorizationValues, queries } from './support/wire-values.js';

const property = propertiesOf(import.meta.filename);
const issuer = await createMockIssuer({ alg: 'ES256', algorithms: ownStamps, audience });
const stampSet = await createStamps(issuer);
const keys = { issuer: issuer.issuer, jwks: stampSet.jwks };
const tokens = await Promise.all([
  ...ownStamps.map((alg) => issuer.token({ alg, subject: 'ada', scope: 'read', expiresInSeconds: 86_400 })),
  issuer.token({ subject: 'ada', expiresInSeconds: 86_400 }),
  issuer.bad.expired(),
  issuer.bad.wrongAudience(),
  issuer.bad.unknownKey(),
  issuer.bad.algNone(),
  issuer.bad.opaque(),
]);
const harnesses = [coreHarness, express5Harness, koa3Harness, fastifyHarness];
let running: Running[] = [];

beforeAll(async () => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  running = await Promise.all(harnesses.map((harness) => harness.start({ issuer: keys, audience })));
});

afterAll(async () => {
  await Promise.all([issuer.close(), ...running.map((one) => one.close())]);
});

/** The parts of a response that the core determines. */
function decided({ status, headers, body }: WireResponse): unknown {
  const names = ['www-authenticate', 'cache-control', 'retry-after'];
  const isProblem = headers.some(([name, value]) => name === 'content-type' && value === 'application/problem+json');
  return {
    status,
    isProblem,
    headers: headers.filter(([name]) => names.includes(name)),
    body: JSON.parse(body) as unknown,
  };
}

const paths = ['/any', '/read', '/either', '/inspects', '/optional', '/optional/read', '/unguarded'];
const requests: fc.Arbitrary<WireRequest> = fc
  .record({
    path: fc.constantFrom(...paths),
    query: queries,
    lines: fc.oneof(
      { weight: 12, arbitrary: fc.array(authorizationValues(tokens), { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(authorizationValues(tokens), { maxLength: 3 }) },
    ),
    name: fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION'),
  })
  .map(({ path, query, lines, name }) => ({
    target: path + query,
    headers: lines.map((line) => [name, line] as const),
  }));

const requestWith = (target: string, value: string): WireRequest => ({ target, headers: [['Authorization', value]] });

describe('the verdict on a request', () => {
  const statuses = new Set<number>();

  property(
    'the verdict on a request does not depend on the framework [RS-9110-15.5.1-a]',
    requests,
    async (request) => {
      const handledBefore = running.map(({ handled }) => handled());
      const [core, ...adapters] = await Promise.all(running.map(async (one) => decided(await one.send(request))));
      const ran = running.map(({ handled }, at) => handled() - (handledBefore[at] ?? 0));
      for (const adapter of adapters) expect(adapter).toEqual(core);
      const { status } = core as { status: number };
      statuses.add(status);
      expect(ran).toEqual(running.map(() => (status === 200 ? 1 : 0)));
      // Only a guard without `auth()` is a fault of the application, with 500.
      if (!request.target?.startsWith('/unguarded')) expect([200, 400, 401, 403]).toContain(status);
    },
    {
      share: 0.2,
      examples: [
        requestWith('/read', `Bearer ${tokens[0]}`),
        requestWith('/read?access_token=x', `Bearer ${tokens[0]}`),
        requestWith('/any', 'Bearer a b'),
        requestWith('/any', 'Basic a'),
        requestWith('/inspects', `Bearer ${tokens[0]}`),
        requestWith('/unguarded', `Bearer ${tokens[0]}`),
      ],
      afterwards: () => {
        expect([...statuses].sort()).toEqual([200, 400, 401, 403, 500]);
      },
    },
  );
});

describe('the verdict on a token', () => {
  const server = createResourceServer({
    issuer: keys,
    audience,
    clock: { now: () => nowSeconds * 1000, monotonic: () => 0 },
  });
  const stamp = stampSet.stamps.get('Ed25519');
  const verdictOn = async (token: string) => {
    const decision = await server.checkToken(token);
    return decision.granted ? decision.auth : { ...decision, error: decision.error.code };
  };
  afterAll(() => server.close());

  /** Members sorted by `ranks`, which are used cyclically. */
  const ordered = <T>(all: readonly T[], ranks: readonly number[]) =>
    all
      .map((member, at) => ({ member, rank: ranks[at % ranks.length] ?? 0 }))
      .sort((left, right) => left.rank - right.rank)
      .map(({ member }) => member);

  property(
    'the verdict on a token does not depend on the order of its claims and header parameters',
    fc.record({
      recipe: recipesFor(issuer.issuer, ['', stamp?.kid ?? '']),
      ranks: fc.array(fc.nat({ max: 99 }), { minLength: 12, maxLength: 12 }),
    }),
    async ({ recipe, ranks }) => {
      const header = overlaid(
        [
          ['alg', '"Ed25519"'],
          ['typ', '"at+jwt"'],
          ['kid', JSON.stringify(stamp?.kid)],
        ],
        recipe.header,
      );
      const claims = overlaid(
        [
          ['iss', JSON.stringify(issuer.issuer)],
          ['exp', String(nowSeconds + 300)],
          ['aud', JSON.stringify(audience)],
          ['sub', '"ada"'],
          ['client_id', '"web"'],
          ['iat', String(nowSeconds)],
          ['jti', '"jti-1"'],
          ['scope', '"read write"'],
        ],
        recipe.claims,
      );
      const [plain, shuffled] = await Promise.all(
        [
          [header, claims],
          [ordered(header, ranks), ordered(claims, ranks)],
        ].map(async (parts) => {
          const input = parts.map((part) => Buffer.from(objectText(part)).toString('base64url')).join('.');
          return verdictOn(`${input}.${stamp?.sign(input).toString('base64url')}`);
        }),
      );
      expect(shuffled).toEqual(plain);
    },
  );

  property(
    'the verdict on a token is the same when it is checked repeatedly or concurrently [RS-2.1-5-a]',
    authorizationValues(tokens),
    async (value) => {
      const check = () => summaryOf(server.check({ method: 'GET', url: '/', rawHeaders: ['Authorization', value] }));
      const first = await check();
      expect(await Promise.all([check(), check(), check()])).toEqual([first, first, first]);
    },
  );

  async function summaryOf(deciding: ReturnType<typeof server.check>) {
    const decision = await deciding;
    return decision.granted ? decision : { ...decision, error: decision.error.code };
  }
});
