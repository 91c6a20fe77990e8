import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, denialOf, jwksOf, verdict } from '../support-network/ask.js';
import { create, good, refusedOption } from '../support-network/options.js';
import { type ScriptedFetch, scriptedFetch } from '../support-network/scripted-fetch.js';

const iss = 'https://tenant.example';
let issuer: MockIssuer;
let token: string;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  token = await issuer.token({ claims: { iss } });
});

afterAll(() => issuer.close());

const settings = () => ({ issuer: iss, jwks: jwksOf(issuer) });

interface ServerUnderTest {
  readonly server: ResourceServer;
  readonly network: ScriptedFetch;
  check(): Promise<string>;
}

function serverWith(resolver: { resolve: unknown }): ServerUnderTest {
  const network = scriptedFetch(() => new Response('', { status: 404 }));
  const options = { issuer: resolver as never, audience, clock: issuer.clock, fetch: network.fetch };
  const server = createResourceServer(options);
  return { server, network, check: async () => verdict(await server.check(bearer(token))) };
}

describe('issuer: { resolve }', () => {
  it('issuer.resolve is not called when the server is created', () => {
    const seen: string[] = [];
    expect(refusedOption(() => create({ issuer: { resolve: (name: string) => seen.push(name) } }))).toBeUndefined();
    expect(seen).toEqual([]);
  });

  it.each([undefined, null, 'resolve', {}, [], true, 1])('issuer.resolve %j is refused', (resolve) => {
    expect(refusedOption(() => create({ issuer: { resolve } }))).toBe('issuer.resolve');
  });

  it.each(['issuer', 'jwks', 'Resolve', 'audience'])('issuer.resolve cannot be combined with the option %s', (name) => {
    expect(refusedOption(() => create({ issuer: { resolve: () => null, [name]: iss } }))).toBe(`issuer.${name}`);
  });

  it('issuer.resolve is refused in an array of issuers', () => {
    const resolver = { resolve: () => null };
    expect(refusedOption(() => create({ issuer: [resolver] }))).toBe('issuer[0].resolve');
    expect(refusedOption(() => create({ issuer: [good.issuer, resolver] }))).toBe('issuer[1].resolve');
    expect(refusedOption(() => create({ issuer: [good.issuer] }))).toBeUndefined();
  });

  it('a function as issuer is refused', () => {
    expect(refusedOption(() => create({ issuer: () => null }))).toBe('issuer');
  });

  it('an object without a prototype may have issuer.resolve', async () => {
    const resolver = Object.assign(Object.create(null), { resolve: () => settings() });
    expect(await serverWith(resolver).check()).toBe('granted');
  });

  it('issuer.resolve is read once, when the server is created', async () => {
    const resolver = { resolve: () => settings() };
    const { check } = serverWith(resolver);
    resolver.resolve = () => {
      throw new Error('replaced');
    };
    expect(await check()).toBe('granted');
  });

  it('issuer.resolve may be a method of a class instance, and is called with its `this`', async () => {
    class Directory {
      readonly #tenants = new Map<string, unknown>([[iss, settings()]]);
      readonly issuer = 'ignored';
      async resolve(name: string): Promise<unknown> {
        return this.#tenants.get(name);
      }
    }
    expect(await serverWith(new Directory()).check()).toBe('granted');
  });

  it('issuer.resolve is called with the issuer name only', async () => {
    const seen: unknown[][] = [];
    const resolve = (...args: unknown[]) => {
      seen.push(args);
      return settings();
    };
    await serverWith({ resolve }).check();
    expect(seen).toEqual([[iss]]);
  });
});

describe('the result of issuer.resolve', () => {
  it('settings returned by issuer.resolve, at once or as a promise, make its tokens accepted', async () => {
    expect(await serverWith({ resolve: () => settings() }).check()).toBe('granted');
    expect(await serverWith({ resolve: async () => settings() }).check()).toBe('granted');
  });

  it.each([null, undefined])(
    'issuer.resolve returning %s causes a 401 response, and nothing is fetched',
    async (answer) => {
      const { check, network } = serverWith({ resolve: () => answer });
      expect(await check()).toBe('issuer_untrusted');
      expect(network.requested).toEqual([]);
    },
  );

  it.each<[string, unknown, string]>([
    ['the name as a string', iss, 'issuer.resolve()'],
    ['an empty string', '', 'issuer.resolve()'],
    ['a number', 1, 'issuer.resolve()'],
    ['zero', 0, 'issuer.resolve()'],
    ['true', true, 'issuer.resolve()'],
    ['false', false, 'issuer.resolve()'],
    ['a list', [{ issuer: iss }], 'issuer.resolve()'],
    ['a function', () => ({ issuer: iss }), 'issuer.resolve()'],
    ['a Map', new Map([['issuer', iss]]), 'issuer.resolve()'],
    ['an empty object', {}, 'issuer.resolve().issuer'],
    ["another issuer's settings", { issuer: 'https://other.example' }, 'issuer.resolve().issuer'],
    ['the issuer with a slash', { issuer: `${iss}/` }, 'issuer.resolve().issuer'],
    ['an http issuer', { issuer: 'http://127.0.0.1' }, 'issuer.resolve().issuer'],
    ['a name that is no option', { issuer: iss, algs: ['ES256'] }, 'issuer.resolve().algs'],
    ['another resolver', { issuer: iss, resolve: () => null }, 'issuer.resolve().resolve'],
    ['an empty audience', { issuer: iss, audience: '' }, 'issuer.resolve().audience'],
    ['no audience at all', { issuer: iss, audience: [] }, 'issuer.resolve().audience'],
    ['an http jwksUri', { issuer: iss, jwksUri: 'http://tenant.example/jwks' }, 'issuer.resolve().jwksUri'],
    ['a jwksUri on loopback', { issuer: iss, jwksUri: 'http://127.0.0.1/jwks' }, 'issuer.resolve().jwksUri'],
    ['a jwksUri with credentials', { issuer: iss, jwksUri: 'https://u:p@tenant.example' }, 'issuer.resolve().jwksUri'],
    ['an empty key set', { issuer: iss, jwks: { keys: [] } }, 'issuer.resolve().jwks'],
    ['an algorithm with a shared secret', { issuer: iss, algorithms: ['HS256'] }, 'issuer.resolve().algorithms'],
    ['an unknown profile', { issuer: iss, tokenProfile: 'any' }, 'issuer.resolve().tokenProfile'],
    [
      'dangerouslyAllowHttp false',
      { issuer: iss, dangerouslyAllowHttp: false },
      'issuer.resolve().dangerouslyAllowHttp',
    ],
  ])('issuer.resolve returning %s causes a 500 response, and nothing is fetched (D-09)', async (_, answer, option) => {
    const answers: unknown[] = [answer, settings()];
    const { server, network, check } = serverWith({ resolve: () => answers.shift() });
    const denial = denialOf(await server.check(bearer(token)));
    expect([denial.status, denial.error.code]).toEqual([500, 'callback_failed']);
    expect(denial.error.cause).toBeInstanceOf(ConfigurationError);
    expect(denial.error.cause).toMatchObject({ option });
    expect(JSON.parse(denial.body)).toMatchObject({ detail: 'Internal error' });
    expect(network.requested).toEqual([]);
    // The failure is not cached: the next result is valid.
    expect(await check()).toBe('granted');
  });

  it.each([new Error('s3cret'), 's3cret', undefined, null])(
    'issuer.resolve that throws or rejects with %s causes a 500 response (D-09)',
    async (thrown) => {
      const throwing = () => {
        throw thrown;
      };
      for (const resolve of [throwing, async () => throwing()]) {
        const denial = denialOf(await serverWith({ resolve }).server.check(bearer(token)));
        expect([denial.status, denial.error.code, denial.error.cause]).toEqual([500, 'callback_failed', thrown]);
        expect(JSON.stringify([denial.headers, denial.body, denial.error, denial.error.stack])).not.toContain('s3cret');
      }
    },
  );
});
