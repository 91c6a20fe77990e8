import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Gatekeeper } from '../../src/adapter/gatekeeper.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { ownView } from '../support/own-view.js';
import { bearer, nobody, offlineServerOf } from '../support-network/ask.js';

const gatekeeper = new Gatekeeper<[]>(ownView);
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
  await gatekeeper.gate(server)({ ...bearer(await issuer.token({ subject: 'ada' })), identity });
  return identity;
}

async function passedAsNobody(): Promise<object> {
  const identity = {};
  await gatekeeper.gate(server, { credentials: 'optional' })({ ...nobody(), identity });
  return identity;
}

describe('getAuth', () => {
  it('gives whom the gate admitted', async () => {
    const native = await admitted();
    expect(gatekeeper.getAuth(native).subject).toBe('ada');
    expect(gatekeeper.getAuth(native, { from: server })).toBe(gatekeeper.getAuth(native));
    expect(gatekeeper.getAuth(native, { optional: true })).toBe(gatekeeper.getAuth(native));
  });

  it('throws where no gate stands in front, optional or not', () => {
    expect(() => gatekeeper.getAuth({})).toThrow('auth() has not admitted this request');
    expect(() => gatekeeper.getAuth({}, { optional: true })).toThrow('auth() has not admitted this request');
  });

  it('throws where the gate refused', async () => {
    const identity = {};
    await gatekeeper.gate(server)({ ...nobody(), identity });
    expect(() => gatekeeper.getAuth(identity, { optional: true })).toThrow(TypeError);
  });

  it('throws for nobody, unless nobody is an answer', async () => {
    const native = await passedAsNobody();
    expect(() => gatekeeper.getAuth(native)).toThrow('nobody was admitted');
    expect(() => gatekeeper.getAuth(native, { optional: false })).toThrow('nobody was admitted');
    expect(gatekeeper.getAuth(native, { optional: true })).toBeNull();
  });

  it('throws where another server judged the request', async () => {
    const native = await admitted();
    expect(() => gatekeeper.getAuth(native, { from: other })).toThrow('another server than the one in `from`');
    const passed = await passedAsNobody();
    expect(() => gatekeeper.getAuth(passed, { from: other, optional: true })).toThrow('another server');
    expect(gatekeeper.getAuth(passed, { from: server, optional: true })).toBeNull();
  });
});
