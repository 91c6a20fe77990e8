import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/adapter/authenticator.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { ownView } from '../support/own-view.js';
import { anonymous, bearer, offlineServerOf } from '../support-network/ask.js';

const authenticator = new Authenticator<[]>(ownView);
let issuer: MockIssuer;
let server: ResourceServer;
let other: ResourceServer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = offlineServerOf(issuer);
  other = offlineServerOf(issuer);
});

afterAll(() => issuer.close());

async function authenticated(): Promise<object> {
  const identity = {};
  await authenticator.gate(server)({ ...bearer(await issuer.token({ subject: 'ada' })), identity });
  return identity;
}

async function passedAnonymously(): Promise<object> {
  const identity = {};
  await authenticator.gate(server, { credentials: 'optional' })({ ...anonymous(), identity });
  return identity;
}

describe('getAuth', () => {
  it('getAuth returns the auth that auth() recorded', async () => {
    const native = await authenticated();
    expect(authenticator.getAuth(native).subject).toBe('ada');
    expect(authenticator.getAuth(native, { from: server })).toBe(authenticator.getAuth(native));
    expect(authenticator.getAuth(native, { optional: true })).toBe(authenticator.getAuth(native));
  });

  it('getAuth throws when no auth() ran before it, also with optional', () => {
    expect(() => authenticator.getAuth({})).toThrow('auth() has not accepted this request');
    expect(() => authenticator.getAuth({}, { optional: true })).toThrow('auth() has not accepted this request');
  });

  it('getAuth throws after a refusal of auth()', async () => {
    const identity = {};
    await authenticator.gate(server)({ ...anonymous(), identity });
    expect(() => authenticator.getAuth(identity, { optional: true })).toThrow(TypeError);
  });

  it('getAuth throws for an anonymous request, and returns null with optional', async () => {
    const native = await passedAnonymously();
    expect(() => authenticator.getAuth(native)).toThrow('this request is anonymous');
    expect(() => authenticator.getAuth(native, { optional: false })).toThrow('this request is anonymous');
    expect(authenticator.getAuth(native, { optional: true })).toBeNull();
  });

  it('getAuth throws when `from` is not the server that checked the request', async () => {
    const native = await authenticated();
    expect(() => authenticator.getAuth(native, { from: other })).toThrow('another server than the one in `from`');
    const passed = await passedAnonymously();
    expect(() => authenticator.getAuth(passed, { from: other, optional: true })).toThrow('another server');
    expect(authenticator.getAuth(passed, { from: server, optional: true })).toBeNull();
  });
});
