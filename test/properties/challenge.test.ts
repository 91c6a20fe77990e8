import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDenial } from '../../packages/core/src/challenge/render-denial.js';
import { accessErrorCodes, ConfigurationError } from '../../packages/core/src/errors.js';
import type { Decision, Header } from '../../packages/core/src/model/decision.js';
import type { Policy } from '../../packages/core/src/model/policy.js';
import { Refusal, shown } from '../../packages/core/src/model/refusal.js';
import { anyScope, scope } from '../../packages/core/src/policy/policies.js';
import { createResourceServer, type ResourceServer } from '../../packages/core/src/resource-server.js';
import { fakeAuth } from '../../packages/core/src/testing.js';
import { type Challenge, GrammarError, parseChallenge } from './support/challenge-grammar.js';
import { propertiesOf } from './support/properties.js';

const property = propertiesOf(import.meta.filename);

describe('the strict parser of challenges', () => {
  it('the parser reads a challenge with all forms of RFC 9110', () => {
    const { scheme, parameters } = parseChallenge('Bearer realm="a \\"b\\" , c" ,\tError = x, scope="a b"');
    expect(scheme).toBe('Bearer');
    expect([...parameters].map(([name, { value }]) => [name, value])).toEqual([
      ['realm', 'a "b" , c'],
      ['error', 'x'],
      ['scope', 'a b'],
    ]);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    ' Bearer a="b"',
    'Bearer a',
    'Bearer abc==',
    'Bearer a="b',
    'Bearer a="b"c"',
    'Bearer a="b\r\nSet-Cookie: c=d"',
    'Bearer a="\u0100"',
    'Bearer a="b" c="d"',
    'Bearer a="b",',
    'Bearer ,a="b"',
    'Bearer a="b", A="c"',
    'Bearer a="b";c="d"',
    'Bearer\ta="b"',
  ])('the parser refuses %j', (text) => {
    expect(() => parseChallenge(text)).toThrow(GrammarError);
  });
});

/** The only challenge of a response, parsed strictly; `undefined` if there is none. */
function challengeOf(headers: readonly Header[]): Challenge | undefined {
  const lines = headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
  expect(lines.length).toBeLessThanOrEqual(1);
  return lines[0] === undefined ? undefined : parseChallenge(lines[0][1]);
}

// RFC 6750 section 3.
const scopeValue = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;
const errorValue = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;
const knownErrors = [undefined, 'invalid_request', 'invalid_token', 'insufficient_scope'];

function expectRfc6750(challenge: Challenge | undefined, realm: string): void {
  const value = (name: string) => challenge?.parameters.get(name)?.value;
  expect(challenge?.scheme).toBe('Bearer');
  expect(challenge?.parameters.get('realm')).toEqual({ value: realm, isQuoted: true });
  expect([...(challenge?.parameters.keys() ?? [])]).toEqual(
    ['realm', 'error', 'error_description', 'scope'].filter((name) => value(name) !== undefined),
  );
  expect(knownErrors).toContain(value('error'));
  expect(value('error_description') ?? 'absent').toMatch(errorValue);
  expect(value('error') === undefined).toBe(value('error_description') === undefined);
  expect(value('scope') ?? 'absent').toMatch(scopeValue);
}

const printable = (excluded: string) =>
  Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).filter((one) => !excluded.includes(one));
const realms = fc.string({ unit: fc.constantFrom(...printable('"\\')), minLength: 1, maxLength: 60 });
const scopeNames = fc.string({ unit: fc.constantFrom(...printable(' "\\')), minLength: 1, maxLength: 20 });
const scopeLists = fc.uniqueArray(scopeNames, { minLength: 1, maxLength: 5 });

const serverOf = (realm: unknown): ResourceServer =>
  createResourceServer({ issuer: 'https://issuer.test', audience: null, realm: realm as string });
const anonymousRequest = { method: 'GET', url: '/', rawHeaders: [] };
const denialOf = (decision: Decision<unknown>) => {
  if (decision.granted) throw new Error('granted');
  return decision;
};

describe('the grammar of challenges', () => {
  property(
    'a challenge has the form of RFC 6750 section 3 for every refusal, realm and scope [RS-9110-11.2-b] [RS-9110-11.5-a] [RS-6750-3-b] [RS-6750-3-c] [RS-6750-3-e]',
    fc.record({
      code: fc.constantFrom(...accessErrorCodes),
      realm: realms,
      scopes: fc.oneof(fc.constant([]), scopeLists),
      retryAfterSeconds: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
      expected: fc.string({ unit: 'binary' }),
    }),
    ({ code, realm, scopes, retryAfterSeconds, expected }) => {
      const { status, headers, body } = renderDenial(
        new Refusal(code, { expected, found: shown(expected), retryAfterSeconds: retryAfterSeconds ?? 1 }),
        scopes,
        { realm },
      );
      const challenge = challengeOf(headers);
      if (status >= 500) expect(challenge).toBe(undefined);
      else expectRfc6750(challenge, realm);
      const written = challenge?.parameters.get('scope')?.value;
      if (written !== undefined) expect(written.split(' ')).toEqual(scopes);
      expect(headers.filter(([name]) => name === 'Retry-After').map(([, value]) => value)).toEqual([
        expect.stringMatching(/^[1-9]\d{0,2}$/),
      ]);
      expect((JSON.parse(body) as { status: unknown }).status).toBe(status);
    },
  );

  property(
    'a challenge of a server has the form of RFC 6750 section 3, without credentials and without the scope [RS-6750-3.1-d] [RS-6750-3.1-f] [RS-6750-3.1-c]',
    fc.record({ realm: realms, scopes: scopeLists }),
    async ({ realm, scopes }) => {
      const server = serverOf(realm);
      const anonymous = denialOf(await server.check(anonymousRequest, { policy: scope(scopes) }));
      const withoutScope = denialOf(await server.authorize(fakeAuth(), anyScope(scopes)));
      const malformed = denialOf(await server.check({ ...anonymousRequest, rawHeaders: ['Authorization', 'Bearer'] }));
      await server.close();
      const errors = [anonymous, withoutScope, malformed].map(({ status, headers }) => {
        const challenge = challengeOf(headers);
        expectRfc6750(challenge, realm);
        return [status, challenge?.parameters.get('error')?.value, challenge?.parameters.get('scope')?.value];
      });
      expect(errors).toEqual([
        [401, undefined, scopes.join(' ')],
        [403, 'insufficient_scope', scopes.join(' ')],
        [400, 'invalid_request', undefined],
      ]);
    },
  );
});

/** The result of `make`; `undefined` for a ConfigurationError that names the option. */
function madeOrRefused<T>(option: string, make: () => T): T | undefined {
  try {
    return make();
  } catch (failure) {
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect((failure as ConfigurationError).option).toBe(option);
    return undefined;
  }
}

const hostile = fc.constantFrom(
  '"',
  '\\',
  '\r',
  '\n',
  '\r\nSet-Cookie: a=b',
  '\0',
  '\x7f',
  'ü',
  '\u2028',
  '\ud800',
  '\t',
);
const withHostileCharacter = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, hostile, text).map((parts) => parts.join(''));

describe('invalid realms and scopes', () => {
  property(
    'a realm outside printable ASCII, with a quote or a backslash, empty, or not text is a ConfigurationError [RS-9110-5.6.4-a]',
    fc.oneof(
      withHostileCharacter(realms),
      fc.constant(''),
      fc.anything({ withBigInt: true }).filter((value) => typeof value !== 'string'),
    ),
    (realm) => {
      // Null and undefined mean that the option is not set.
      if (realm === undefined || realm === null) return;
      expect(madeOrRefused('realm', () => serverOf(realm))).toBe(undefined);
    },
  );

  property(
    'any realm is a ConfigurationError, or appears unchanged in a challenge that parses',
    fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
    async (realm) => {
      const server = madeOrRefused('realm', () => serverOf(realm));
      if (server === undefined) return;
      expectRfc6750(challengeOf(denialOf(await server.check(anonymousRequest)).headers), realm);
      await server.close();
    },
  );

  property(
    'a scope outside its grammar, or no scope, is a ConfigurationError [RS-6750-3-d]',
    fc.oneof(
      fc.tuple(scopeLists, withHostileCharacter(scopeNames)).map(([good, bad]) => [...good, bad]),
      fc.constantFrom([], [''], ['   ']),
    ),
    (names) => {
      expect(madeOrRefused('scope', () => scope(names))).toBe(undefined);
      expect(madeOrRefused('anyScope', () => anyScope(...names))).toBe(undefined);
    },
  );

  property(
    'any value as a scope is a ConfigurationError, or gives a challenge that parses',
    fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.anything({ withBigInt: true })), { maxLength: 3 }),
    async (names) => {
      const policy = madeOrRefused('scope', () => scope(...(names as string[])));
      if (policy !== undefined) await expectReadable(policy);
    },
  );

  property(
    'a policy object of the application is a ConfigurationError, a 500, or gives a challenge that parses [RS-9110-5.6.4-a]',
    fc.record({
      kind: fc.constantFrom('scope' as const, 'anyScope' as const),
      scopes: fc.array(fc.oneof(scopeNames, withHostileCharacter(scopeNames)), { maxLength: 3 }),
    }),
    expectReadable,
  );

  /** Anonymous and authenticated: a challenge that parses, a 500, or a ConfigurationError. */
  async function expectReadable(policy: Policy): Promise<void> {
    const server = serverOf('api');
    for (const deciding of [
      async () => server.check(anonymousRequest, { policy }),
      async () => server.authorize(fakeAuth(), policy),
    ]) {
      const decision = await deciding().catch((failure: unknown) => {
        expect(failure).toBeInstanceOf(ConfigurationError);
      });
      if (decision === undefined || decision.granted || decision.status === 500) continue;
      expectRfc6750(challengeOf(decision.headers), 'api');
    }
    await server.close();
  }
});
