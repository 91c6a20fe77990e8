import { createMockIssuer } from '@resource-server/mock-issuer';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, vi } from 'vitest';
import type { Decision } from '../../packages/core/src/model/decision.js';
import { createResourceServer, type ResourceServer } from '../../packages/core/src/resource-server.js';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import { type Asked, decide, everyToken, requestsWith } from './support/asked.js';
import { lawsOf } from './support/laws.js';
import { vandalise } from './support/vandalism.js';

/*
 * No request can change what the next one gets: whatever was sent before, and whatever handlers did to what they were
 * given, a probe gets the decision of a server that nobody has asked anything yet, with the same keys and the same clock.
 *
 * One thing may differ, by design (D-08, D-17): while the issuer is out of reach, a 503 says with Retry-After when keys
 * will be asked for again. That is reckoned from the last attempt and from the last forced fetch, which earlier requests
 * made. So the seconds of Retry-After are not compared where the issuer is out of reach; that the header is there, is.
 */

const law = lawsOf(import.meta.filename);
const audience = 'https://api.example.com';
const iss = 'https://issuer.example';
const jwksUri = `${iss}/jwks`;
const start = 1_800_000_000_000;

const issuer = await createMockIssuer({ alg: 'ES256', audience, clock: frozenClock(start) });
const jwks = JSON.stringify(issuer.jwks);
const tokens = await everyToken(issuer, iss);
const asked = requestsWith(tokens);

/** Some requests at once, what their handlers do, and the time until the next ones. */
const round = fc.record({
  requests: fc.array(asked, { minLength: 1, maxLength: 4 }),
  isVandal: fc.boolean(),
  thenSeconds: fc.constantFrom(0, 0, 0, 0, 1, 31, 100, 500, 700),
});

interface Sample {
  readonly rounds: ReadonlyArray<{
    readonly requests: readonly Asked[];
    readonly isVandal: boolean;
    readonly thenSeconds: number;
  }>;
  readonly probe: Asked;
  readonly isReachable: boolean;
  readonly isResolved: boolean;
  /** Whether both start with the keys, or have to fetch them first. */
  readonly isSeeded: boolean;
}

const samples: fc.Arbitrary<Sample> = fc.record({
  rounds: fc.array(round, { minLength: 1, maxLength: 6 }),
  probe: asked,
  isReachable: fc.boolean(),
  isResolved: fc.boolean(),
  isSeeded: fc.boolean(),
});

const up = async (url: string) => (url === jwksUri ? new Response(jwks) : new Response('', { status: 404 }));
const down = () => Promise.reject(new TypeError('down'));

function serve(clock: FrozenClock, { isReachable, isResolved, isSeeded }: Sample): ResourceServer {
  const settings = { issuer: iss, jwksUri };
  return createResourceServer({
    issuer: isResolved ? { resolve: (name) => (name === iss ? settings : null) } : settings,
    audience,
    clock,
    fetch: isReachable ? up : down,
    ...(isSeeded && { keys: { seed } }),
  });
}

const first = createResourceServer({
  issuer: { issuer: iss, jwksUri },
  audience,
  clock: frozenClock(start),
  fetch: up,
});
await first.ready();
const seed = first.snapshot();

/** Everything of a decision that a client or a handler sees, but the seconds of Retry-After in an outage. */
function seen(decision: Decision, isReachable: boolean): unknown {
  const headers = decision.headers.map(([name, value]) => [name, name === 'Retry-After' && !isReachable ? 's' : value]);
  // A failed signature may wait for one fetch, which fails here (503); within its cooldown it is 401 (D-17).
  if (!decision.granted && !isReachable && failedSignature.includes(decision.error.code))
    return { code: 'keys_unavailable' };
  if (!decision.granted) return { headers, status: decision.status, body: decision.body, code: decision.error.code };
  const { auth } = decision;
  const rights = ['read', 'write', 'admin'].map((name) => auth?.hasScope(name));
  return { headers, auth: JSON.stringify(auth), token: auth?.token, rights };
}

const failedSignature = ['signature_invalid', 'keys_unavailable'];

const verdicts = new Set<unknown>();

async function compare(sample: Sample): Promise<void> {
  const { rounds, probe, isReachable } = sample;
  const total = rounds.reduce((sum, { thenSeconds }) => sum + thenSeconds, 0);
  // Asked before anybody has tried anything, so that harm to what all servers share is seen as well.
  const later = frozenClock(start);
  later.advance(total);
  const expected = seen(await decide(serve(later, sample), probe), isReachable);
  const clock = frozenClock(start);
  const server = serve(clock, sample);
  for (const { requests, isVandal, thenSeconds } of rounds) {
    const decisions = await Promise.all(requests.map((one) => decide(server, one)));
    if (isVandal) for (const decision of decisions) vandalise(decision);
    clock.advance(thenSeconds);
  }
  const found = seen(await decide(server, probe), isReachable);
  expect(found).toEqual(expected);
  // And again, where the probe itself is what came before.
  expect(seen(await decide(server, probe), isReachable)).toEqual(expected);
  verdicts.add((expected as { code?: string }).code ?? 'granted');
}

describe('no request', () => {
  // Back-off and freshness have their jitter, which must be the same on both sides.
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => Promise.all([issuer.close(), first.close()]));

  const plain: Asked = { authorization: [`Bearer ${tokens['good']}`], url: '/', policy: 'none', isOptional: false };
  const vandal = { requests: [plain], isVandal: true, thenSeconds: 0 };

  law(
    'D-17, D-24: can change what the next one gets, whatever it is and whatever is done to what it got',
    samples,
    compare,
    {
      share: 0.5,
      examples: [
        {
          rounds: [vandal],
          probe: { ...plain, policy: 'write' },
          isReachable: true,
          isResolved: false,
          isSeeded: false,
        },
        {
          rounds: [vandal],
          probe: { ...plain, authorization: [`Bearer ${tokens['forged 0']}`] },
          isReachable: false,
          isResolved: true,
          isSeeded: true,
        },
        {
          rounds: [{ ...vandal, thenSeconds: 700 }],
          probe: { ...plain, authorization: [`Bearer ${tokens['shortLived']}`] },
          isReachable: true,
          isResolved: true,
          isSeeded: true,
        },
      ],
      afterwards: (tried) => {
        if (tried < 200) return;
        for (const code of ['granted', 'key_unknown', 'keys_unavailable', 'scope_insufficient', 'issuer_untrusted']) {
          expect(verdicts).toContain(code);
        }
      },
    },
  );
});
