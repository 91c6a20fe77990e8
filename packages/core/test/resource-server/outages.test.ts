import { createMockIssuer, type DiscoveryFault, type JwksFault, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scope } from '../../src/policy/policies.js';
import { bearer, denialOf, headerOf, serverOf, verdict } from '../support-network/ask.js';
import { answer, scriptedServer } from '../support-network/scripted-server.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', path: '/t1' });
});

afterEach(() => issuer.close());

/** Longer than every back-off. */
const backOff = 31;
const fast = { keys: { timeoutSeconds: 0.05 } };
const jwksFaults: readonly JwksFault[] = ['down', '500', 'truncated', 'huge', 'redirect', 'html', 'gzip'];
const discoveryFaults: readonly DiscoveryFault[] = [...(jwksFaults as readonly DiscoveryFault[]), 'wrongIssuer'];

describe('outages without cached keys (D-08)', () => {
  it.each(jwksFaults)(
    'a key set with the fault %s causes 503 responses, and 200 after the fault has ended (D-08) [RS-OIDC-10.1.1-d]',
    async (fault) => {
      const server = serverOf(issuer);
      const token = await issuer.token();
      issuer.faults.jwks(fault);
      const denial = denialOf(await server.check(bearer(token), { policy: scope('read') }));
      expect([denial.status, denial.error.code]).toEqual([503, 'keys_unavailable']);
      expect(Number(headerOf(denial, 'Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
      expect(JSON.parse(denial.body)).toMatchObject({ detail: 'Access tokens cannot be checked right now' });
      expect(issuer.requests.count('decoy')).toBe(0);
      issuer.faults.clear();
      issuer.clock.advance(backOff);
      expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
      await server.close();
    },
  );

  it.each(discoveryFaults)(
    'discovery with the fault %s causes a 503 response, and no key set is fetched (D-08)',
    async (fault) => {
      const server = serverOf(issuer);
      issuer.faults.discovery(fault);
      expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
      expect([issuer.requests.count('jwks'), issuer.requests.count('decoy')]).toEqual([0, 0]);
      issuer.faults.clear();
      issuer.clock.advance(backOff);
      expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
      await server.close();
    },
  );

  it('a key set request that never ends causes a 503 response (D-19)', async () => {
    const server = serverOf(issuer, fast);
    issuer.faults.jwks('hang');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    await server.close();
  });

  it('a valid empty key set causes a 401 response key_unknown (D-08)', async () => {
    const server = serverOf(issuer);
    issuer.faults.jwks('empty');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('key_unknown');
    await server.close();
  });

  it('during the back-off every request is answered with 503 without a request to the issuer (D-18)', async () => {
    const server = serverOf(issuer);
    issuer.faults.jwks('down');
    for (let at = 0; at < 10; at++) {
      expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    }
    expect(issuer.requests.count('jwks')).toBe(1);
    await server.close();
  });

  it('with optional credentials an outage causes a 503 response, and no anonymous request (D-08)', async () => {
    const server = serverOf(issuer, { credentials: 'optional' });
    issuer.faults.jwks('down');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    await server.close();
  });

  it('a 101 response (protocol upgrade) is an outage that ends (D-18)', async () => {
    let isAvailable = false;
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n';
    const keys = await scriptedServer((socket) => socket.write(isAvailable ? answer(200, {}, set) : upgrade));
    const token = await issuer.token();
    const set = JSON.stringify(issuer.jwks);
    const at = { issuer: issuer.issuer, jwksUri: `${keys.origin}/jwks` };
    const server = serverOf(issuer, { issuer: at, keys: { timeoutSeconds: 0.5 } });
    expect(verdict(await server.check(bearer(token)))).toBe('keys_unavailable');
    isAvailable = true;
    const codes = new Set<string>();
    for (let attempt = 0; attempt < 3; attempt++) {
      issuer.clock.advance(backOff);
      codes.add(verdict(await server.check(bearer(token))));
    }
    expect(codes).toContain('granted');
    await server.close();
    await keys.close();
  });
});

describe('key rotation (D-17)', () => {
  it('a new key is found with one more fetch, and the old key stays valid [RS-OIDC-10.1.1-a]', async () => {
    const server = serverOf(issuer);
    const old = await issuer.token();
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    await issuer.keys.rotate();
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(2);
    await server.close();
  });

  it('a withdrawn key is refused after the next fetch of the key set [RS-OIDC-10.1.1-c]', async () => {
    const server = serverOf(issuer);
    const { kid } = await issuer.keys.current();
    const old = await issuer.token({ expiresInSeconds: 3600 });
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    issuer.keys.withdraw(kid);
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    issuer.clock.advance(600);
    expect(verdict(await server.check(bearer(old)))).toBe('key_unknown');
    await server.close();
  });

  it('30 forged kids on a cold cache and then a valid token cost two key set requests (D-17)', async () => {
    const server = serverOf(issuer);
    const forged = await Promise.all(Array.from({ length: 30 }, () => issuer.bad.unknownKey()));
    const decisions = await Promise.all(forged.map((token) => server.check(bearer(token))));
    expect(new Set(decisions.map(verdict))).toEqual(new Set(['key_unknown']));
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(2);
    await server.close();
  });

  it('in an outage a cached key verifies, an unknown key causes a 503 response (D-17) [RS-OIDC-10.1.1-d]', async () => {
    const server = serverOf(issuer);
    const known = await issuer.token();
    expect(verdict(await server.check(bearer(known)))).toBe('granted');
    issuer.faults.jwks('down');
    const denial = denialOf(await server.check(bearer(await issuer.bad.unknownKey())));
    expect([denial.status, headerOf(denial, 'Retry-After')]).toEqual([503, '30']);
    expect(verdict(await server.check(bearer(known)))).toBe('granted');
    await server.close();
  });
});
