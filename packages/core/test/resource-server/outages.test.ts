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

describe('D-08: keys out of reach, with none at hand', () => {
  it.each(jwksFaults)(
    '[RS-OIDC-10.1.1-d] D-08: a key set that is %s is 503, and 200 as soon as it is well again',
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

  it.each(discoveryFaults)('D-08: discovery that is %s is 503, and no key set is fetched', async (fault) => {
    const server = serverOf(issuer);
    issuer.faults.discovery(fault);
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    expect([issuer.requests.count('jwks'), issuer.requests.count('decoy')]).toEqual([0, 0]);
    issuer.faults.clear();
    issuer.clock.advance(backOff);
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    await server.close();
  });

  it('D-19: a key set that never comes is 503, too', async () => {
    const server = serverOf(issuer, fast);
    issuer.faults.jwks('hang');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    await server.close();
  });

  it('D-08: a valid empty set is an answer: 401', async () => {
    const server = serverOf(issuer);
    issuer.faults.jwks('empty');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('key_unknown');
    await server.close();
  });

  it('D-18: during back-off 503 comes without a request to the issuer', async () => {
    const server = serverOf(issuer);
    issuer.faults.jwks('down');
    for (let at = 0; at < 10; at++) {
      expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    }
    expect(issuer.requests.count('jwks')).toBe(1);
    await server.close();
  });

  it('D-08: optional credentials make nobody of nobody: an outage is 503', async () => {
    const server = serverOf(issuer, { credentials: 'optional' });
    issuer.faults.jwks('down');
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('keys_unavailable');
    await server.close();
  });

  it('D-18: an answer that leaves HTTP is an outage that ends', async () => {
    let isWell = false;
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n';
    const keys = await scriptedServer((socket) => socket.write(isWell ? answer(200, {}, set) : upgrade));
    const token = await issuer.token();
    const set = JSON.stringify(issuer.jwks);
    const at = { issuer: issuer.issuer, jwksUri: `${keys.origin}/jwks` };
    const server = serverOf(issuer, { issuer: at, keys: { timeoutSeconds: 0.5 } });
    expect(verdict(await server.check(bearer(token)))).toBe('keys_unavailable');
    isWell = true;
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

describe('D-17: rotation', () => {
  it('[RS-OIDC-10.1.1-a] a new key is found with one more fetch, and the old one works on', async () => {
    const server = serverOf(issuer);
    const old = await issuer.token();
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    await issuer.keys.rotate();
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    expect(verdict(await server.check(bearer(old)))).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(2);
    await server.close();
  });

  it('[RS-OIDC-10.1.1-c] a withdrawn key is dead as soon as the set is fetched again', async () => {
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

  it('D-17: 30 forged kids on a cold cache and then a good token cost two requests for keys', async () => {
    const server = serverOf(issuer);
    const forged = await Promise.all(Array.from({ length: 30 }, () => issuer.bad.unknownKey()));
    const decisions = await Promise.all(forged.map((token) => server.check(bearer(token))));
    expect(new Set(decisions.map(verdict))).toEqual(new Set(['key_unknown']));
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(2);
    await server.close();
  });

  it('[RS-OIDC-10.1.1-d] D-17: in an outage a known key serves on, an unknown one is 503 with a truthful Retry-After', async () => {
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
