import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.js';
import type { StandardResult, StandardSchema } from '../../src/model/standard-schema.js';
import { anyOf, claim, scope, where } from '../../src/policy/policies.js';
import { authOf, bearer, denialOf, headerOf, offlineServerOf, verdict } from '../support-network/ask.js';

let issuer: MockIssuer;
let token: string;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  token = await issuer.token({ scope: 'read', claims: { tenant: 'blue' } });
});

afterAll(() => issuer.close());

type Validate<Output> = (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;

function schema<Output>(validate: Validate<Output>): StandardSchema<Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

function checkWith<Output>(validate: Validate<Output>, policy = scope('read')): Promise<Decision<Output>> {
  return offlineServerOf<Output>(issuer, { claims: schema(validate) }).check(bearer(token), { policy });
}

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

const thrown: readonly [string, unknown][] = [
  ['an Error', new Error('s3cret')],
  ['a string', 's3cret'],
  ['undefined', undefined],
  ['null', null],
  ['an object', { message: 's3cret' }],
];

/** D-09: a generic 500 that is closed and shows the cause to operators only. */
function expectOurFault(decision: Decision<unknown>, cause: unknown): void {
  const denial = denialOf(decision);
  expect([denial.status, denial.error.code]).toEqual([500, 'callback_failed']);
  expect(denial.error.cause).toBe(cause);
  expect(JSON.parse(denial.body)).toMatchObject({ status: 500, detail: 'Internal error' });
  expect(JSON.stringify([denial.headers, denial.body, denial.error, denial.error.stack])).not.toContain('s3cret');
  expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
}

describe('the claims schema', () => {
  it('the claims schema determines the type and the value of auth.claims', async () => {
    const decision = await checkWith((value) => ({ value: { tenant: String(Object(value).tenant), made: true } }));
    const { claims } = authOf(decision);
    const tenant: string = claims.tenant;
    expect([tenant, claims]).toEqual(['blue', { tenant: 'blue', made: true }]);
    expect(Object.isFrozen(claims)).toBe(true);
  });

  it('the claims schema may return a promise', async () => {
    expect(verdict(await checkWith(async (value) => ({ value })))).toBe('granted');
    expect(verdict(await checkWith(async () => ({ issues: [] })))).toBe('claims_refused');
  });

  it('a claim policy compares the claims that the schema returned', async () => {
    const validate = () => ({ value: { tenant: 'green' } });
    expect(verdict(await checkWith(validate, claim('tenant', 'green')))).toBe('granted');
    expect(verdict(await checkWith(validate, claim('tenant', 'blue')))).toBe('claim_insufficient');
  });

  it('issues of the claims schema cause a 401 response claims_refused, and are not exposed', async () => {
    const denial = denialOf(await checkWith(() => ({ issues: [{ message: 's3cret' }] })));
    expect([denial.status, denial.error.code]).toEqual([401, 'claims_refused']);
    expect(headerOf(denial, 'WWW-Authenticate')).toContain('error="invalid_token"');
    expect(JSON.stringify([denial, denial.error.detail])).not.toContain('s3cret');
  });

  it.each(thrown)('a claims schema that throws or rejects with %s causes a 500 response (D-09)', async (_, cause) => {
    expectOurFault(await checkWith(throwing(cause)), cause);
    expectOurFault(await checkWith(() => Promise.reject(cause)), cause);
  });

  it.each([undefined, null, true, 'yes', {}, { success: true }])(
    'a claims schema that returns %j causes a 500 response (D-09)',
    async (result) => {
      expect(verdict(await checkWith(() => result as unknown as StandardResult<unknown>))).toBe('callback_failed');
    },
  );

  it('the claims schema is not called for a token that is refused before it', async () => {
    let calls = 0;
    const validate = (value: unknown) => {
      calls += 1;
      return { value };
    };
    const server = offlineServerOf(issuer, { claims: schema(validate) });
    for (const bad of [await issuer.bad.expired(), await issuer.bad.tampered(), await issuer.bad.boundToKey()]) {
      await server.check(bearer(bad));
    }
    expect(calls).toBe(0);
    await server.check(bearer(token));
    expect(calls).toBe(1);
  });
});

describe('the condition of a where policy', () => {
  function checkThat(condition: () => boolean | Promise<boolean>): Promise<Decision<unknown>> {
    return offlineServerOf(issuer).check(bearer(token), { policy: where('mine', condition) });
  }

  it('a where condition that returns true, at once or as a promise, is satisfied', async () => {
    expect(verdict(await checkThat(() => true))).toBe('granted');
    expect(verdict(await checkThat(async () => true))).toBe('granted');
    expect(verdict(await checkThat(async () => false))).toBe('claim_insufficient');
  });

  it.each([1, 'true', {}, [], undefined, null])(
    'a where condition that returns %j is not satisfied',
    async (answer) => {
      expect(verdict(await checkThat(() => answer as unknown as boolean))).toBe('claim_insufficient');
    },
  );

  it.each(thrown)('a where condition that throws or rejects with %s causes a 500 response (D-09)', async (_, cause) => {
    expectOurFault(await checkThat(throwing(cause)), cause);
    expectOurFault(await checkThat(() => Promise.reject(cause)), cause);
  });

  it('a where condition that throws in anyOf ends the evaluation with a 500 response (D-09)', async () => {
    const policy = anyOf(where('broken', throwing('x')), scope('read'));
    expect(verdict(await offlineServerOf(issuer).check(bearer(token), { policy }))).toBe('callback_failed');
  });
});
