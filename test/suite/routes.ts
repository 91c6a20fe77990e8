import { allOf, anyOf, claim, type Policy, scope, where } from '@resource-server/core';

/** A route of the suite's application. Every harness builds all of them. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What is in front of the handler: `auth()`, `auth()` with optional credentials, or nothing. */
  readonly gate: 'required' | 'optional' | 'none';
  readonly guard?: Guard;
  /** Whether the framework parses a form body before `auth()`. */
  readonly parsesForm?: true;
}

/** The guard of a route, named after the adapter function that creates it. */
export type Guard =
  | { readonly requireScope: readonly string[] }
  | { readonly requireAnyScope: readonly string[] }
  | { readonly requirePolicy: Policy };

const failing = where('fails', () => {
  throw new Error('the condition failed');
});
// Not an Error: a rejection with undefined must not count as a missing error.
const failingWithNothing = where('rejects with undefined', () => Promise.reject(undefined));

export const routes: readonly Route[] = [
  { method: 'GET', path: '/any', gate: 'required' },
  { method: 'GET', path: '/read', gate: 'required', guard: { requireScope: ['read'] } },
  { method: 'POST', path: '/write', gate: 'required', guard: { requireScope: ['read', 'write'] } },
  { method: 'GET', path: '/words', gate: 'required', guard: { requireScope: ['read write'] } },
  { method: 'GET', path: '/either', gate: 'required', guard: { requireAnyScope: ['read', 'admin'] } },
  { method: 'GET', path: '/hr', gate: 'required', guard: { requirePolicy: allOf(scope('read'), claim('dept', 'hr')) } },
  { method: 'GET', path: '/one-of', gate: 'required', guard: { requirePolicy: anyOf(scope('a'), scope('b')) } },
  {
    method: 'GET',
    path: '/inspects',
    gate: 'required',
    guard: { requirePolicy: where('the query is yes', (_auth, request) => request.url.endsWith('?yes')) },
  },
  { method: 'GET', path: '/fails', gate: 'required', guard: { requirePolicy: failing } },
  { method: 'GET', path: '/fails-with-nothing', gate: 'required', guard: { requirePolicy: failingWithNothing } },
  { method: 'GET', path: '/optional', gate: 'optional' },
  { method: 'GET', path: '/optional/read', gate: 'optional', guard: { requireScope: ['read'] } },
  { method: 'GET', path: '/unguarded', gate: 'none', guard: { requireScope: ['read'] } },
  { method: 'POST', path: '/form', gate: 'required', parsesForm: true },
];
