import { createMockIssuer } from '@resource-server/mock-issuer';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { signatureAlgorithms } from '../../packages/core/src/jws/algorithms.js';
import { createResourceServer } from '../../packages/core/src/resource-server.js';
import { differences, exampleOf, lenientView } from './support/differences.js';
import { propertiesOf } from './support/properties.js';
import {
  audience,
  nowSeconds,
  type Recipe,
  recipesFor,
  singleFaults,
  tokenOf,
  toleranceSeconds,
} from './support/recipes.js';
import { createStamps, ownStamps } from './support/stamps.js';

const property = propertiesOf(import.meta.filename);
const issuer = await createMockIssuer({ alg: 'ES256', algorithms: ownStamps });
const stampSet = await createStamps(issuer);
const kids = stampSet.jwks.keys.map(({ kid }) => String(kid));

const server = createResourceServer({
  issuer: { issuer: issuer.issuer, jwks: stampSet.jwks },
  audience,
  clockToleranceSeconds: toleranceSeconds,
  clock: { now: () => nowSeconds * 1000, monotonic: () => 0 },
});
const keys = createLocalJWKSet(stampSet.jwks as unknown as JSONWebKeySet);
const verifyWithJose = (token: string) =>
  jwtVerify(token, keys, {
    typ: 'at+jwt',
    issuer: issuer.issuer,
    audience,
    requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    algorithms: [...signatureAlgorithms],
    clockTolerance: toleranceSeconds,
    currentDate: new Date(nowSeconds * 1000),
  });

// A server warns once when a profile refuses the tokens of an issuer. Here that is intended.
vi.spyOn(process, 'emitWarning').mockImplementation(() => {});

afterAll(async () => {
  await Promise.all([server.close(), issuer.close()]);
});

interface Verdicts {
  readonly token: string;
  /** `accepted`, or the code of the refusal. */
  readonly ours: string;
  readonly jose: string;
}

async function verdictsOn(recipe: Recipe): Promise<Verdicts> {
  const token = tokenOf(recipe, issuer.issuer, stampSet);
  const jose = await verifyWithJose(token).then(
    () => 'accepted',
    (failure: unknown) => String(failure),
  );
  const decision = await server.checkToken(token);
  return { token, jose, ours: decision.granted ? 'accepted' : decision.error.code };
}

function explanation({ token, ours, jose }: Verdicts): string {
  const view = lenientView(token);
  const stricter = ours === 'accepted' ? 'jose' : 'ours';
  const row = differences.find(
    (one) =>
      one.stricter === stricter &&
      (one.code === undefined || one.code === ours) &&
      view !== undefined &&
      one.explains(view),
  );
  return row?.name ?? `UNLISTED: our verdict is ${ours}, jose's is ${jose}, for ${token}`;
}

/** Expects that a token is refused here if the table states that it is. */
function expectTableIsKept({ token, ours }: Verdicts): void {
  const view = lenientView(token);
  if (view === undefined || ours !== 'accepted') return;
  const broken = differences.filter((one) => one.stricter === 'ours' && one.explains(view));
  expect(broken.map(({ name }) => name)).toEqual([]);
}

describe('our verdict and the verdict of jose', () => {
  const names = new Set(differences.map(({ name }) => name));
  const seen = { accepted: 0, refused: 0, differing: 0 };

  property(
    'this package and jose give the same verdict on every token, except for the listed differences',
    recipesFor(issuer.issuer, kids),
    async (recipe) => {
      const verdicts = await verdictsOn(recipe);
      expectTableIsKept(verdicts);
      const [ours, joses] = [verdicts.ours, verdicts.jose].map((verdict) => verdict === 'accepted');
      if (ours === joses) seen[ours ? 'accepted' : 'refused'] += 1;
      else {
        seen.differing += 1;
        expect(names).toContain(explanation(verdicts));
      }
    },
    {
      examples: [...differences.map(exampleOf), ...singleFaults(issuer.issuer, kids)],
      // Samples that always fail, or never fail, would prove nothing.
      afterwards: (tried) => {
        if (tried < 500) return;
        expect(seen.accepted).toBeGreaterThan(tried * 0.1);
        expect(seen.refused).toBeGreaterThan(tried * 0.1);
        expect(seen.differing).toBeGreaterThan(tried * 0.02);
      },
    },
  );

  it.each(differences)('this package and jose differ, and $stricter is stricter: $name', async (difference) => {
    const verdicts = await verdictsOn(exampleOf(difference));
    expect(verdicts.ours === 'accepted').toBe(difference.stricter === 'jose');
    expect(verdicts.jose === 'accepted').toBe(difference.stricter === 'ours');
    expect(explanation(verdicts)).toBe(difference.name);
  });
});
