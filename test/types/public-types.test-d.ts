import {
  type AccessErrorCode,
  type AccessTokenClaims,
  type Auth,
  createResourceServer,
  type Decision,
  type ResourceServer,
  scope,
  where,
} from '@resource-server/core';
import { auth, getAuth, requireScope } from '@resource-server/express';
import type { Request, RequestHandler } from 'express';
import type { Request as Request4, RequestHandler as RequestHandler4 } from 'express4';
import { describe, expectTypeOf, it } from 'vitest';
import * as zod from 'zod';

const options = { issuer: 'https://login.example.com', audience: 'https://api.example.com' } as const;
declare const request: Request;

describe('options', () => {
  it('createResourceServer requires an audience, which may be null', () => {
    // @ts-expect-error audience is missing
    createResourceServer({ issuer: 'https://login.example.com' });
    createResourceServer({ issuer: 'https://login.example.com', audience: null });
  });

  it('an unknown option or algorithm does not compile', () => {
    // @ts-expect-error unknown option
    createResourceServer({ ...options, audiences: ['a'] });
    // @ts-expect-error unknown algorithm
    createResourceServer({ ...options, issuer: { issuer: 'https://a.example', algorithms: ['HS256'] } });
  });
});

describe('claims', () => {
  const typed = createResourceServer({
    ...options,
    claims: zod.object({ dept: zod.string(), level: zod.coerce.number() }),
  });

  it('a claims schema types the claims of the auth', () => {
    expectTypeOf(typed).toEqualTypeOf<ResourceServer<{ dept: string; level: number }>>();
    expectTypeOf(getAuth(request, { from: typed }).claims).toEqualTypeOf<{ dept: string; level: number }>();
    expectTypeOf(getAuth(request, { from: typed, optional: true })).toEqualTypeOf<Auth<{
      dept: string;
      level: number;
    }> | null>();
  });

  it('without a schema the claims are those of RFC 9068, and other claims are unknown', () => {
    expectTypeOf(getAuth(request).claims).toEqualTypeOf<AccessTokenClaims>();
    expectTypeOf(getAuth(request).claims['anything']).toEqualTypeOf<unknown>();
    expectTypeOf(getAuth(request).subject).toEqualTypeOf<string | undefined>();
    expectTypeOf(getAuth(request, { optional: true })).toEqualTypeOf<Auth | null>();
  });

  it('the auth is readonly', () => {
    // @ts-expect-error readonly
    getAuth(request).subject = 'mallory';
    // @ts-expect-error readonly
    getAuth(request).scopes.push('admin');
  });
});

describe('decisions', () => {
  it('the member granted discriminates decisions', () => {
    const decision = {} as Decision;
    if (decision.granted) expectTypeOf(decision.auth).toEqualTypeOf<Auth | null>();
    else expectTypeOf(decision.error.code).toEqualTypeOf<AccessErrorCode>();
    // @ts-expect-error a denied decision has no auth
    void decision.auth;
  });

  it('no exported type is any', () => {
    expectTypeOf<Decision>().not.toBeAny();
    expectTypeOf(getAuth).not.toBeAny();
    expectTypeOf(getAuth(request)).not.toBeAny();
    expectTypeOf(getAuth(request).claims).not.toBeAny();
    expectTypeOf(scope('read')).not.toBeAny();
    expectTypeOf(createResourceServer(options).check).returns.resolves.not.toBeAny();
  });
});

describe('express', () => {
  it('the Express middleware is a handler of Express 4 and of Express 5', () => {
    expectTypeOf(auth(options)).toExtend<RequestHandler>();
    expectTypeOf(auth(options)).toExtend<RequestHandler4>();
    expectTypeOf(requireScope('read')).toExtend<RequestHandler>();
    expectTypeOf(requireScope('read')).toExtend<RequestHandler4>();
    expectTypeOf(getAuth).toBeCallableWith({} as Request4);
  });

  it('requireScope takes scopes as arguments, as a list or as one string', () => {
    requireScope('a', 'b');
    requireScope(['a', 'b']);
    requireScope('a b');
    // @ts-expect-error a number is not a scope
    requireScope(1);
  });

  it('a where condition receives the auth and the request', () => {
    where('owner', (auth, incoming) => {
      expectTypeOf(incoming.rawHeaders).toEqualTypeOf<readonly string[]>();
      return auth.subject === 'ada';
    });
  });
});
