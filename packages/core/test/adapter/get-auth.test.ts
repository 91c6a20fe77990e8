import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/adapter/authenticator.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { ownView } from '../support/own-view.js';
import { bearer, nobody, offlineServerOf } from '../support-network/ask.js';

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

async function admitted(): Promise<object> {
  const identity = {};
  await authenticator.gate(server)({ ...bearer(await issuer.token({ subject: 'ada' })), identity });
  return identity;
}

async function passedAsNobody(): Promise<object> {
  const identity = {};
  await authenticator.gate(server, { credentials: 'optional' })({ ...nobody(), identity });
  return identity;
}

describe('getAuth', () => {
  it('gives whom the gate admitted', async () => {
    const native = await admitted();
    expect(authenticator.getAuth(native).subject).toBe('ada');
    expect(authenticator.getAuth(native, { from: server })).toBe(authenticator.getAuth(native));
    expect(authenticator.getAuth(native, { optional: true })).toBe(authenticator.getAuth(native));
  });

  it('throws where no gate stands in front, optional or not', () => {
    expect(() => authenticator.getAuth({})).toThrow('auth() has not admitted this request');
    expect(() => authenticator.getAuth({}, { optional: true })).toThrow('auth() has not admitted this request');
  });

  it('throws where the gate refused', async () => {
    const identity = {};
    await authenticator.gate(server)({ ...nobody(), identity });
    expect(() => authenticator.getAuth(identity, { optional: true })).toThrow(TypeError);
  });

  it('throws for nobody, unless nobody is an answer', async () => {
    const native = await passedAsNobody();
    expect(() => authenticator.getAuth(native)).toThrow('nobody was admitted');
    expect(() => authenticator.getAuth(native, { optional: false })).toThrow('nobody was admitted');
    expect(authenticator.getAuth(native, { optional: true })).toBeNull();
  });

  it('throws where another server judged the request', async () => {
    const native = await admitted();
    expect(() => authenticator.getAuth(native, { from: other })).toThrow('another server than the one in `from`');
    const passed = await passedAsNobody();
    expect(() => authenticator.getAuth(passed, { from: other, optional: true })).toThrow('another server');
    expect(authenticator.getAuth(passed, { from: server, optional: true })).toBeNull();
  });
});
