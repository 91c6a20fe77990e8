import { createMockIssuer } from '@resource-server/mock-issuer';
import fc from 'fast-check';
import { afterAll, describe, expect } from 'vitest';
import { ConfigurationError } from '../../packages/core/src/errors.js';
import { parseScopeImplies } from '../../packages/core/src/options/parse-scope-implies.js';
import { scope } from '../../packages/core/src/policy/policies.js';
import { createResourceServer } from '../../packages/core/src/resource-server.js';
import { propertiesOf } from './support/properties.js';
import { audience } from './support/recipes.js';

const property = propertiesOf(import.meta.filename);

const names = ['a', 'b', 'c', 'd', 'e', 'read:all', '0', '__proto__', 'constructor'];
type Edge = readonly [from: string, to: string];

const name = fc.constantFrom(...names);
const edge: fc.Arbitrary<Edge> = fc.tuple(name, name);
const edges = fc.array(edge, { maxLength: 14 });
const cycle = fc
  .shuffledSubarray(names, { minLength: 1 })
  .map((ring): readonly Edge[] => ring.map((from, at) => [from, ring[(at + 1) % ring.length] ?? from]));
const graphs = fc.oneof(
  edges,
  fc.tuple(edges, cycle).map(([some, ring]): readonly Edge[] => [...some, ...ring]),
);

/** The option that has exactly these edges. */
function optionOf(graph: readonly Edge[]): Record<string, string[]> {
  const sources = [...new Set(graph.map(([from]) => from))];
  const option = sources.map((from) => [from, graph.filter((one) => one[0] === from).map(([, to]) => to)]);
  return Object.fromEntries(option) as Record<string, string[]>;
}

const closureOf = (graph: readonly Edge[]) => parseScopeImplies('scopeImplies', optionOf(graph));

/** Warshall's algorithm: whether a path exists; the empty path counts. */
function reachability(graph: readonly Edge[]): (from: string, to: string) => boolean {
  const reached = new Set(graph.map(([from, to]) => `${from} ${to}`));
  for (const middle of names) {
    for (const from of names) {
      if (!reached.has(`${from} ${middle}`)) continue;
      for (const to of names) if (reached.has(`${middle} ${to}`)) reached.add(`${from} ${to}`);
    }
  }
  return (from, to) => from === to || reached.has(`${from} ${to}`);
}

// RFC 6749 section 3.3.
const isScope = (text: unknown) => typeof text === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
const isMapOfScopes = (value: object) =>
  [null, Object.prototype].includes(Object.getPrototypeOf(value)) &&
  Object.entries(value).every(
    ([key, list]) => isScope(key) && Array.isArray(list) && list.length > 0 && list.every(isScope),
  );

function closesOrRefuses(value: unknown): boolean {
  try {
    parseScopeImplies('scopeImplies', value);
    return true;
  } catch (failure) {
    expect(failure).toBeInstanceOf(ConfigurationError);
    return false;
  }
}

describe('the option scopeImplies', () => {
  property('the closure of scopeImplies is what can be reached, on every graph, cycles included', graphs, (graph) => {
    const closure = closureOf(graph);
    const isReachable = reachability(graph);
    expect(new Set(closure.keys())).toEqual(new Set(graph.map(([from]) => from)));
    for (const [from, implied] of closure) {
      expect(implied).toEqual(new Set(names.filter((to) => isReachable(from, to))));
    }
  });

  property('one more implication removes no scope', fc.tuple(graphs, edge), ([graph, more]) => {
    const wider = closureOf([...graph, more]);
    for (const [from, implied] of closureOf(graph)) {
      for (const to of implied) expect(wider.get(from)?.has(to)).toBe(true);
    }
  });

  property('the closure of a closure is the same closure', graphs, (graph) => {
    const once = closureOf(graph);
    const twice = closureOf([...once].flatMap(([from, implied]) => [...implied].map((to): Edge => [from, to])));
    expect(twice).toEqual(once);
  });

  property('the order of the implications does not matter', fc.tuple(graphs, fc.nat()), ([graph, rotation]) => {
    const at = graph.length === 0 ? 0 : rotation % graph.length;
    expect(closureOf([...graph.slice(at), ...graph.slice(0, at)].reverse())).toEqual(closureOf(graph));
  });

  property(
    'a scopeImplies that is not a map of lists is a ConfigurationError',
    fc.anything({ withBigInt: true }),
    (value) => {
      expect(closesOrRefuses(value)).toBe(value !== null && typeof value === 'object' && isMapOfScopes(value));
    },
  );

  property(
    'a name in scopeImplies that no scope can have is a ConfigurationError [RS-6750-3-d]',
    fc.tuple(graphs, fc.string({ unit: 'binary' }), fc.boolean()),
    ([graph, other, isSource]) => {
      const option = optionOf([...graph, isSource ? [other, 'a'] : ['a', other]]);
      expect(closesOrRefuses(option)).toBe(isScope(other));
    },
  );
});

describe('hasScope with scopeImplies', async () => {
  const issuer = await createMockIssuer({ alg: 'Ed25519', algorithms: ['Ed25519'], audience });
  afterAll(() => issuer.close());

  property(
    'hasScope is reachability from the scopes of the token, and a policy agrees with it [RS-6750-3-h] [RS-9068-2.2.3-b]',
    fc.record({ graph: graphs, granted: fc.subarray(names), needed: name }),
    async ({ graph, granted, needed }) => {
      const server = createResourceServer({
        issuer: { issuer: issuer.issuer, jwks: issuer.jwks },
        audience,
        scopeImplies: optionOf(graph),
      });
      const decision = await server.checkToken(await issuer.token({ scope: granted }));
      const auth = decision.granted ? decision.auth : undefined;
      const isReachable = reachability(graph);
      const expected = names.filter((to) => granted.some((from) => isReachable(from, to)));
      expect(names.filter((one) => auth?.hasScope(one))).toEqual(expected);
      expect(auth?.scopes).toEqual(granted);
      expect(auth?.hasScope('toString')).toBe(false);
      const verdict = auth && (await server.authorize(auth, scope(needed)));
      expect(verdict?.granted).toBe(expected.includes(needed));
      await server.close();
    },
  );
});
