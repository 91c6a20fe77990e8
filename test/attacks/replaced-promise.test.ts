import { type Auth, allOf, createResourceServer, type Decision, scope, where } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/*
 * Risk: zone.js, tracers and libraries replace the global Promise. The result of an async
 * function is then no instance of it. A promise taken for a result is truthy, so every forged token
 * would be accepted.
 */

const audience = 'https://api.example.com';
const NativePromise = Promise;

class TracedPromise<T> extends NativePromise<T> {}

/** A constructor unrelated to the native one: no object is an instance of it. */
const UnrelatedPromise = new Proxy(NativePromise, {
  get: (target, name, receiver) =>
    name === Symbol.hasInstance ? () => false : (Reflect.get(target, name, receiver) as unknown),
});

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});

afterEach(async () => {
  globalThis.Promise = NativePromise;
  await issuer.close();
});

const bearer = (token: string) => ({ method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] });
const verdict = (decision: Decision) => (decision.granted ? 'granted' : decision.error.code);

describe.each([
  ['a subclass', TracedPromise],
  ['another constructor', UnrelatedPromise],
] as const)('the global Promise replaced by %s', (_, Replaced) => {
  it.each(['ES256', 'RS256', 'Ed25519'] as const)(
    'with a replaced Promise a forged %s token is refused, and a valid one accepted',
    async (alg) => {
      const tokens = [await issuer.token({ alg, scope: 'read' }), await issuer.token({ alg, scope: 'read' })];
      const forged = [await issuer.bad.foreignSignature({ alg }), await issuer.bad.tampered({ alg })];
      const unknown = await issuer.bad.unknownKey({ alg });
      globalThis.Promise = Replaced as PromiseConstructor;
      const server = createResourceServer({ issuer: issuer.issuer, audience });
      for (const token of [...tokens, ...tokens]) expect(verdict(await server.check(bearer(token)))).toBe('granted');
      for (const token of [...forged, ...forged]) {
        expect(verdict(await server.check(bearer(token)))).toBe('signature_invalid');
      }
      const atOnce = await NativePromise.all(
        [...forged, ...tokens, ...forged].map((token) => server.check(bearer(token))),
      );
      expect(atOnce.map(verdict)).toEqual([
        ...forged.map(() => 'signature_invalid'),
        ...tokens.map(() => 'granted'),
        ...forged.map(() => 'signature_invalid'),
      ]);
      expect(verdict(await server.check(bearer(unknown)))).toBe('key_unknown');
    },
  );

  it('with a replaced Promise the results of async schemas and conditions are awaited', async () => {
    const token = await issuer.token({ scope: 'read' });
    globalThis.Promise = Replaced as PromiseConstructor;
    const validate = async (claims: unknown) =>
      (claims as { sub: string }).sub === 'other' ? { value: claims } : { issues: [{ message: 'no' }] };
    const claims = { '~standard': { version: 1 as const, vendor: 'test', validate } };
    const strict = createResourceServer({ issuer: issuer.issuer, audience, claims });
    expect(verdict((await strict.check(bearer(token))) as Decision)).toBe('claims_refused');
    const server = createResourceServer({ issuer: issuer.issuer, audience });
    const decision = await server.check(bearer(token));
    const auth = (decision.granted ? decision.auth : null) as Auth;
    const never = where('never', async () => false);
    expect(verdict(await server.authorize(auth, never))).toBe('claim_insufficient');
    expect(verdict(await server.authorize(auth, allOf(scope('read'), never)))).toBe('claim_insufficient');
    expect(
      verdict(
        await server.authorize(
          auth,
          where('always', async () => true),
        ),
      ),
    ).toBe('granted');
  });
});
