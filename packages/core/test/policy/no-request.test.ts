import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { noRequest } from '../../src/policy/no-request.js';
import { where } from '../../src/policy/policies.js';
import { fakeAuth } from '../../src/testing.js';
import { requestWith } from '../support/requests.js';
import { verdict } from '../support/verdict.js';

const readings: Readonly<Record<string, (request: object) => unknown>> = {
  'a member': (request) => Reflect.get(request, 'method'),
  'a member that requests need not have': (request) => Reflect.get(request, 'peerAddress'),
  'an unknown member': (request) => Reflect.get(request, 'x'),
  'a member of Object.prototype': (request) => Reflect.get(request, 'toString'),
  'whether it has a member': (request) => 'encrypted' in request,
  'whether a member is its own': (request) => Object.hasOwn(request, 'encrypted'),
  'the descriptor of a member': (request) => Object.getOwnPropertyDescriptor(request, 'url'),
  'its names': (request) => Object.keys(request),
  'its entries': (request) => Object.entries(request),
  'a copy of it': (request) => ({ ...request }),
  'itself as JSON': (request) => JSON.stringify(request),
  'itself as text': (request) => String(request),
};

describe('noRequest, the request of checkToken', () => {
  it.each(Object.entries(readings))('reading %s of noRequest throws a TypeError', async (_what, read) => {
    expect(() => read(noRequest)).toThrow(TypeError);
    expect(() => read(requestWith())).not.toThrow();
  });

  it('a condition that reads noRequest is refused, not decided from empty values', async () => {
    const isNotForm = where('no form body', (_auth, request) => request.formBody === undefined);
    expect(verdict(await evaluatePolicy(isNotForm, fakeAuth(), noRequest))).toBe('callback_failed');
    expect(verdict(await evaluatePolicy(isNotForm, fakeAuth(), requestWith()))).toBe('passed');
  });

  it('a condition that does not read the request is evaluated without a request', async () => {
    const isAda = where('ada', ({ subject }) => subject === 'ada');
    expect(verdict(await evaluatePolicy(isAda, fakeAuth({ subject: 'ada' }), noRequest))).toBe('passed');
  });
});
