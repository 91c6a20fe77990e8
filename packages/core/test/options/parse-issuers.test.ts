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

interface Asking {
  readonly server: ResourceServer;
  readonly network: ScriptedFetch;
  check(): Promise<string>;
}

function asking(resolver: { resolve: unknown }): Asking {
  const network = scriptedFetch(() => new Response('', { status: 404 }));
  const options = { issuer: resolver as never, audience, clock: issuer.clock, fetch: network.fetch };
  const server = createResourceServer(options);
  return { server, network, check: async () => verdict(await server.check(bearer(token))) };
}

describe('issuer: { resolve }', () => {
  it('is accepted, and nobody is asked when the server is made', () => {
    const seen: string[] = [];
    expect(refusedOption(() => create({ issuer: { resolve: (name: string) => seen.push(name) } }))).toBeUndefined();
    expect(seen).toEqual([]);
  });

  it.each([undefined, null, 'resolve', {}, [], true, 1])('is refused where resolve is %j', (resolve) => {
    expect(refusedOption(() => create({ issuer: { resolve } }))).toBe('issuer.resolve');
  });

  it.each(['issuer', 'jwks', 'Resolve', 'audience'])('is refused with a name beside it: %s', (name) => {
    expect(refusedOption(() => create({ issuer: { resolve: () => null, [name]: iss } }))).toBe(`issuer.${name}`);
  });

  it('is refused in a list', () => {
    const resolver = { resolve: () => null };
    expect(refusedOption(() => create({ issuer: [resolver] }))).toBe('issuer[0].resolve');
    expect(refusedOption(() => create({ issuer: [good.issuer, resolver] }))).toBe('issuer[1].resolve');
    expect(refusedOption(() => create({ issuer: [good.issuer] }))).toBeUndefined();
  });

  it('is refused as a function alone', () => {
    expect(refusedOption(() => create({ issuer: () => null }))).toBe('issuer');
  });

  it('may be an object without a prototype', async () => {
    const resolver = Object.assign(Object.create(null), { resolve: () => settings() });
    expect(await asking(resolver).check()).toBe('granted');
  });

  it('is read once: what is put there later is not asked', async () => {
    const resolver = { resolve: () => settings() };
    const { check } = asking(resolver);
    resolver.resolve = () => {
      throw new Error('replaced');
    };
    expect(await check()).toBe('granted');
  });

  it('may be of a class, with members of its own, and is asked as itself', async () => {
    class Directory {
      readonly #tenants = new Map<string, unknown>([[iss, settings()]]);
      readonly issuer = 'its own affair';
      async resolve(name: string): Promise<unknown> {
        return this.#tenants.get(name);
      }
    }
    expect(await asking(new Directory()).check()).toBe('granted');
  });

  it('is asked with the name of the issuer and nothing else', async () => {
    const seen: unknown[][] = [];
    const resolve = (...asked: unknown[]) => {
      seen.push(asked);
      return settings();
    };
    await asking({ resolve }).check();
    expect(seen).toEqual([[iss]]);
  });
});

describe('what a resolver answers', () => {
  it('settings of that issuer admit its tokens, at once or later', async () => {
    expect(await asking({ resolve: () => settings() }).check()).toBe('granted');
    expect(await asking({ resolve: async () => settings() }).check()).toBe('granted');
  });

  it.each([null, undefined])('%s is 401, and nothing is fetched', async (answer) => {
    const { check, network } = asking({ resolve: () => answer });
    expect(await check()).toBe('issuer_untrusted');
    expect(network.asked).toEqual([]);
  });

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
    ['nothing in it', {}, 'issuer.resolve().issuer'],
    ["another issuer's settings", { issuer: 'https://other.example' }, 'issuer.resolve().issuer'],
    ['the issuer with a slash', { issuer: `${iss}/` }, 'issuer.resolve().issuer'],
    ['an http issuer', { issuer: 'http://127.0.0.1' }, 'issuer.resolve().issuer'],
    ['a name that is no option', { issuer: iss, algs: ['ES256'] }, 'issuer.resolve().algs'],
    ['another resolver', { issuer: iss, resolve: () => null }, 'issuer.resolve().resolve'],
    ['an empty audience', { issuer: iss, audience: '' }, 'issuer.resolve().audience'],
    ['no audience at all', { issuer: iss, audience: [] }, 'issuer.resolve().audience'],
    ['an http jwksUri', { issuer: iss, jwksUri: 'http://tenant.example/jwks' }, 'issuer.resolve().jwksUri'],
    ['a jwksUri of loopback', { issuer: iss, jwksUri: 'http://127.0.0.1/jwks' }, 'issuer.resolve().jwksUri'],
    ['a jwksUri with credentials', { issuer: iss, jwksUri: 'https://u:p@tenant.example' }, 'issuer.resolve().jwksUri'],
    ['keys that are none', { issuer: iss, jwks: { keys: [] } }, 'issuer.resolve().jwks'],
    ['an algorithm with a shared secret', { issuer: iss, algorithms: ['HS256'] }, 'issuer.resolve().algorithms'],
    ['a profile nobody knows', { issuer: iss, tokenProfile: 'any' }, 'issuer.resolve().tokenProfile'],
    ['danger said by halves', { issuer: iss, dangerouslyAllowHttp: false }, 'issuer.resolve().dangerouslyAllowHttp'],
  ])('D-09: %s is 500, names its fault to operators, and nothing is fetched', async (_, answer, option) => {
    const answers: unknown[] = [answer, settings()];
    const { server, network, check } = asking({ resolve: () => answers.shift() });
    const denial = denialOf(await server.check(bearer(token)));
    expect([denial.status, denial.error.code]).toEqual([500, 'callback_failed']);
    expect(denial.error.cause).toBeInstanceOf(ConfigurationError);
    expect(denial.error.cause).toMatchObject({ option });
    expect(JSON.parse(denial.body)).toMatchObject({ detail: 'Internal error' });
    expect(network.asked).toEqual([]);
    // It was not remembered: the next answer is good.
    expect(await check()).toBe('granted');
  });

  it.each([new Error('s3cret'), 's3cret', undefined, null])(
    'D-09: a throw is 500, at once or later: %s',
    async (thrown) => {
      const throwing = () => {
        throw thrown;
      };
      for (const resolve of [throwing, async () => throwing()]) {
        const denial = denialOf(await asking({ resolve }).server.check(bearer(token)));
        expect([denial.status, denial.error.code, denial.error.cause]).toEqual([500, 'callback_failed', thrown]);
        expect(JSON.stringify([denial.headers, denial.body, denial.error, denial.error.stack])).not.toContain('s3cret');
      }
    },
  );
});
