import { describe, expect, it } from 'vitest';
import { type AuthSettings, deepFreeze, makeAuth } from '../src/auth.js';
import type { StandardSchema } from '../src/model/standard-schema.js';
import { confirmedToken, goodClaims } from './support/stages.js';
import { passed, refusalIn } from './support/verdict.js';

type Validate = StandardSchema<unknown>['~standard']['validate'];

function withSchema(validate: Validate): AuthSettings<unknown> {
  return { schema: { '~standard': { version: 1, vendor: 'test', validate } }, scopeImplies: new Map() };
}

const judge = (validate: Validate) => makeAuth(confirmedToken(), withSchema(validate));
const issues = { issues: [{ message: 'hush: ada is not an editor' }] };

describe('a claims schema', () => {
  it.each([
    ['at once', () => ({ value: { editor: true } })],
    ['later', async () => ({ value: { editor: true } })],
  ])('decides what auth.claims is, %s', async (_when, validate) => {
    expect(passed(await judge(validate)).claims).toEqual({ editor: true });
  });

  it.each([
    ['at once', () => issues],
    ['later', async () => issues],
    ['without a word', () => ({ issues: [] })],
  ])('that finds issues refuses the token, %s, and what it found is not shown', async (_when, validate) => {
    const refusal = refusalIn(await judge(validate));
    expect(refusal.code).toBe('claims_refused');
    expect(JSON.stringify(refusal)).not.toContain('hush');
  });

  const thrown = [new Error('broken'), 'broken', undefined, null, 0];
  it.each(thrown.map((cause) => [cause]))('D-09: that throws or rejects with %s is our fault', async (cause) => {
    const throwing: Validate = () => {
      throw cause;
    };
    for (const validate of [throwing, () => Promise.reject(cause)]) {
      const refusal = refusalIn(await judge(validate));
      expect(refusal.code).toBe('callback_failed');
      expect(refusal.fields).toHaveProperty('cause', cause);
    }
  });

  it.each([undefined, null])('D-09: that answers %s is our fault too', async (answer) => {
    expect(refusalIn(await judge(() => answer as never)).code).toBe('callback_failed');
  });

  it('sees the claims, frozen', async () => {
    let seen: unknown;
    await judge((value) => {
      seen = value;
      return { value };
    });
    expect(seen).toEqual(goodClaims());
    expect(Object.isFrozen(seen)).toBe(true);
  });

  it('changes nothing but the claims', async () => {
    const auth = passed(await judge(() => ({ value: { sub: 'eve', scope: 'admin' } })));
    expect([auth.subject, auth.hasScope('admin')]).toEqual(['ada', false]);
  });

  it('what it made is frozen all the way down', async () => {
    const auth = passed(await judge(() => ({ value: { roles: [{ name: 'editor' }] } })));
    const { roles } = auth.claims as { roles: [object] };
    for (const part of [auth.claims, roles, roles[0]]) expect(Object.isFrozen(part)).toBe(true);
  });
});

describe('deepFreeze', () => {
  it('freezes plain objects and lists, those without a prototype too', () => {
    const bare = Object.assign(Object.create(null) as object, { list: [{}] });
    const value = { bare, list: [[{ a: 1 }]] };
    expect(deepFreeze(value)).toBe(value);
    for (const part of [value, bare, Reflect.get(bare, 'list'), value.list, value.list[0], value.list[0]?.[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('goes on below what somebody else has frozen', () => {
    const inner = { roles: ['reader'] };
    deepFreeze(Object.freeze({ inner }));
    expect([Object.isFrozen(inner), Object.isFrozen(inner.roles)]).toEqual([true, true]);
  });

  it('leaves instances of classes as they are, and what is in them', () => {
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

  it('comes back from a circle', () => {
    const circle: { self?: unknown; list: unknown[] } = { list: [] };
    circle.self = circle;
    circle.list.push(circle);
    expect(Object.isFrozen(deepFreeze(circle)) && Object.isFrozen(circle.list)).toBe(true);
  });

  it.each([undefined, null, 'x', 1, true])('%s is what it is', (value) => {
    expect(deepFreeze(value)).toBe(value);
  });
});
