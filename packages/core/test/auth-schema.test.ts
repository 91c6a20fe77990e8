import { describe, expect, it } from 'vitest';
import { type AuthSettings, deepFreeze, makeAuth } from '../src/auth.js';
import type { StandardSchema } from '../src/model/standard-schema.js';
import { confirmedToken, goodClaims } from './support/stages.js';
import { passed, refusalIn } from './support/verdict.js';

type Validate = StandardSchema<unknown>['~standard']['validate'];

function withSchema(validate: Validate): AuthSettings<unknown> {
  return { schema: { '~standard': { version: 1, vendor: 'test', validate } }, scopeImplies: new Map() };
}

const authWith = (validate: Validate) => makeAuth(confirmedToken(), withSchema(validate));
const issues = { issues: [{ message: 'hush: ada is not an editor' }] };

describe('the claims schema (option claims)', () => {
  it.each([
    ['returned synchronously', () => ({ value: { editor: true } })],
    ['returned as a promise', async () => ({ value: { editor: true } })],
  ])('the value of the claims schema, %s, becomes auth.claims', async (_when, validate) => {
    expect(passed(await authWith(validate)).claims).toEqual({ editor: true });
  });

  it.each([
    ['returned synchronously', () => issues],
    ['returned as a promise', async () => issues],
    ['as an empty list', () => ({ issues: [] })],
  ])(
    'issues of the claims schema, %s, refuse the token, and their messages are not exposed',
    async (_when, validate) => {
      const refusal = refusalIn(await authWith(validate));
      expect(refusal.code).toBe('claims_refused');
      expect(JSON.stringify(refusal)).not.toContain('hush');
    },
  );

  const thrown = [new Error('broken'), 'broken', undefined, null, 0];
  it.each(thrown.map((cause) => [cause]))(
    'a claims schema that throws or rejects with %s is refused with callback_failed, our own fault (D-09)',
    async (cause) => {
      const throwing: Validate = () => {
        throw cause;
      };
      for (const validate of [throwing, () => Promise.reject(cause)]) {
        const refusal = refusalIn(await authWith(validate));
        expect(refusal.code).toBe('callback_failed');
        expect(refusal.fields).toHaveProperty('cause', cause);
      }
    },
  );

  it.each([undefined, null])(
    'a claims schema that returns %s is refused with callback_failed, our own fault (D-09)',
    async (answer) => {
      expect(refusalIn(await authWith(() => answer as never)).code).toBe('callback_failed');
    },
  );

  it('the claims schema receives the claims of the token, frozen', async () => {
    let seen: unknown;
    await authWith((value) => {
      seen = value;
      return { value };
    });
    expect(seen).toEqual(goodClaims());
    expect(Object.isFrozen(seen)).toBe(true);
  });

  it('the claims schema changes auth.claims only, not subject or scopes', async () => {
    const auth = passed(await authWith(() => ({ value: { sub: 'eve', scope: 'admin' } })));
    expect([auth.subject, auth.hasScope('admin')]).toEqual(['ada', false]);
  });

  it('the value of the claims schema is deep-frozen', async () => {
    const auth = passed(await authWith(() => ({ value: { roles: [{ name: 'editor' }] } })));
    const { roles } = auth.claims as { roles: [object] };
    for (const part of [auth.claims, roles, roles[0]]) expect(Object.isFrozen(part)).toBe(true);
  });
});

describe('deepFreeze', () => {
  it('deepFreeze freezes plain objects and arrays, also those without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { list: [{}] });
    const value = { bare, list: [[{ a: 1 }]] };
    expect(deepFreeze(value)).toBe(value);
    for (const part of [value, bare, Reflect.get(bare, 'list'), value.list, value.list[0], value.list[0]?.[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('deepFreeze freezes the members of an object that is frozen already', () => {
    const inner = { roles: ['reader'] };
    deepFreeze(Object.freeze({ inner }));
    expect([Object.isFrozen(inner), Object.isFrozen(inner.roles)]).toEqual([true, true]);
  });

  it('deepFreeze does not freeze class instances or their members', () => {
    class Money {
      readonly parts = { cents: 1 };
    }
    const value = { when: new Date(0), by: new Map([['a', {}]]), price: new Money(), octets: Buffer.from('a') };
    deepFreeze(value);
    expect(Object.isFrozen(value)).toBe(true);
    for (const part of [value.when, value.by, value.by.get('a'), value.price, value.price.parts, value.octets]) {
      expect(Object.isFrozen(part)).toBe(false);
    }
  });

  it('deepFreeze ends on a circular structure', () => {
    const circle: { self?: unknown; list: unknown[] } = { list: [] };
    circle.self = circle;
    circle.list.push(circle);
    expect(Object.isFrozen(deepFreeze(circle)) && Object.isFrozen(circle.list)).toBe(true);
  });

  it.each([undefined, null, 'x', 1, true])('deepFreeze returns the primitive value %s unchanged', (value) => {
    expect(deepFreeze(value)).toBe(value);
  });
});
