import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Canary, openCanary } from './support/canary.js';
import { makeForge } from './support/forge.js';
import { prototypes } from './support/prototypes.js';
import { rows } from './support/rows.js';
import { coldServerOf, type Fixture, jwksOf, openFixture, serverWithKeys } from './support/servers.js';
import { bearer, expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: a kid that is more than the name of a key: a path, a query, a command. The issuer's own
 * key signs every token here, so only the kid is the reason for a refusal.
 */

const inherited = prototypes();
const decoy = join(tmpdir(), `kid-${randomUUID()}`);

let fixture: Fixture;
let applications: Applications;
/** Serves the issuer's keys and records the requested paths. */
let keyServer: Canary;
let server: ResourceServer;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

beforeEach(async () => {
  keyServer = await openCanary(JSON.stringify(jwksOf(fixture.issuer)));
  const issuer = { issuer: fixture.issuer.issuer, jwksUri: `${keyServer.origin}/keys` };
  server = createResourceServer({ issuer, audience });
});

afterEach(async () => {
  await Promise.all([server.close(), keyServer.close()]);
  expect(prototypes()).toEqual(inherited);
});

const paths = [
  '../../../../../../etc/passwd',
  '/etc/passwd',
  '..\\..\\..\\windows\\win.ini',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/dev/null',
  '/dev/zero',
  '/proc/self/environ',
  'file:///etc/passwd',
  '....//....//keys',
  decoy,
];
const queries = [
  "' OR 1=1 --",
  "x' UNION SELECT 'secret' --",
  "'; DROP TABLE keys; --",
  '" OR ""="',
  '{"$ne":null}',
  '{$gt: ""}',
  '*',
  '.*',
  '^.+$',
  '(a+)+$',
  ')(cn=*))(|(cn=*',
];
const commands = [
  '$(touch /tmp/owned)',
  '`id`',
  '; id',
  '| id',
  '\u0024{7*7}',
  '{{7*7}}',
  '#{7*7}',
  '<%= 7*7 %>',
  '%s%s%n',
  '\u0024{jndi:ldap://127.0.0.1/a}',
  '<script>alert(1)</script>',
];
const members = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '0',
  'length',
  'size',
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  'true',
  '',
  ' ',
];
const controls = [
  '\u0000',
  'kid\u0000',
  'a\r\nSet-Cookie: owned=1',
  'a\nERROR forged log line',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u0008\u0008\u0008',
  '\u007f',
  '\u202egnp.yek',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{1f511}',
  'ключ',
];

describe('the kid as the name of a key', () => {
  it.each(rows([...paths, ...queries, ...commands, ...members, ...controls]))(
    'the kid $written finds no key [RS-8725-3.10-a]',
    async ({ value: kid }) => {
      const denial = await expectRefused(server, fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
      expect(denial.error.detail.found).toMatch(/^[\x20-\x7e]{1,200}$/);
      // Two requests: the first fetch of the set, and one refetch for the unknown kid.
      expect(keyServer.targets()).toEqual(['/keys', '/keys']);
    },
  );

  it('all malicious kids together cause two JWKS requests, and a valid token is then accepted [RS-8725-3.10-a] [RS-OIDC-10.1.1-b]', async () => {
    const kids = [...paths, ...queries, ...commands, ...members, ...controls];
    const tokens = kids.map((kid) => fixture.forge.token({ header: { kid } }));
    await Promise.all(tokens.map((token) => server.check(bearer(token))));
    for (const token of tokens) await expectRefused(server, token, badToken('key_unknown'));
    await expectAccepted(server, fixture.forge.token());
    expect(keyServer.targets()).toEqual(['/keys', '/keys']);
  });

  it('a thousand concurrent unknown kids cause one JWKS request when keys are cached [RS-OIDC-10.1.1-b]', async () => {
    await expectAccepted(server, fixture.forge.token());
    const codes = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const token = fixture.forge.token({ header: { kid: randomUUID() } });
        const decision = await server.check(bearer(token));
        return decision.granted ? 'granted' : decision.error.code;
      }),
    );
    expect(new Set(codes)).toEqual(new Set(['key_unknown']));
    expect(keyServer.targets()).toEqual(['/keys', '/keys']);
  });

  it('no kid creates a file [RS-8725-3.10-a]', async () => {
    const before = readdirSync('.').sort();
    for (const kid of [decoy, `./${randomUUID()}`, `$(touch ${decoy})`, `; touch ${decoy}`]) {
      await expectRefused(server, fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
    }
    expect(existsSync(decoy)).toBe(false);
    expect(readdirSync('.').sort()).toEqual(before);
  });

  it('no kid is fetched as a URL [RS-8725-3.10-a]', async () => {
    const recordingServer = await openCanary(JSON.stringify(jwksOf(fixture.issuer)));
    for (const kid of [
      `${recordingServer.origin}/keys`,
      `${recordingServer.origin}/`,
      `//${recordingServer.origin.slice(7)}/`,
      `@${recordingServer.origin.slice(7)}`,
    ]) {
      await expectRefused(server, fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
    }
    expect(recordingServer.connections()).toBe(0);
    await recordingServer.close();
  });

  it.each(['../../../../etc/passwd', "' OR 1=1 --", '__proto__'])(
    'the kid %j finds no key in any framework [RS-8725-3.10-a]',
    async (kid) => {
      await applications.expectRefused(fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
      await applications.expectAccepted(fixture.forge.token());
    },
  );

  it.each(rows([...paths, ...queries, ...members, ...controls]))(
    'a key published under the kid $written is found by it',
    async ({ value: kid }) => {
      const { forge, issuer } = fixture;
      const named = serverWithKeys(issuer.issuer, [{ ...jwksOf(issuer).keys[0], kid }]);
      await expectAccepted(named, forge.token({ header: { kid } }));
      await expectRefused(named, forge.token(), badToken('key_unknown'));
    },
  );
});

describe('the comparison of kids', () => {
  const named = (kid: string) => serverWithKeys(fixture.issuer.issuer, [{ ...jwksOf(fixture.issuer).keys[0], kid }]);

  it.each([
    ['KID1', 'kid1'],
    ['kid1', 'KID1'],
    ['kid1', ' kid1'],
    ['kid1', 'kid1 '],
    ['kid1', 'kid1\u0000'],
    ['kid1', 'kid'],
    ['kid1', 'kid11'],
    ['1', '01'],
    ['1', '1.0'],
    ['caf\u00e9', 'cafe\u0301'],
    ['cafe\u0301', 'caf\u00e9'],
    ['k', 'ｋ'],
    ['a+b', 'a b'],
    ['a/b', 'a%2Fb'],
    ['stra\u00dfe', 'strasse'],
  ])('the key %j is not found by the kid %j [RS-7515-4.1.4-a]', async (published, kid) => {
    await expectAccepted(named(published), fixture.forge.token({ header: { kid: published } }));
    await expectRefused(named(published), fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
  });

  it.each(rows<unknown>([7, 0, -1, 1.5, true, false, null, [], ['kid1'], {}, { toString: 'kid1' }, { $ne: null }]))(
    'a token whose kid is $written instead of a string is refused [RS-7515-4.1.4-a]',
    async ({ value: kid }) => {
      await expectRefused(named('7'), fixture.forge.token({ header: { kid } }), badToken('token_malformed'));
      await expectRefused(server, fixture.forge.token({ header: { kid } }), badToken('token_malformed'));
      expect(keyServer.connections()).toBe(0);
    },
  );
});

describe('the length of a kid', () => {
  it('a kid of 256 characters is accepted, and a token with a kid of 257 characters is refused', async () => {
    const [fits, exceeds] = ['k'.repeat(256), 'k'.repeat(257)];
    const named = serverWithKeys(fixture.issuer.issuer, [{ ...jwksOf(fixture.issuer).keys[0], kid: fits }]);
    await expectAccepted(named, fixture.forge.token({ header: { kid: fits } }));
    await expectRefused(named, fixture.forge.token({ header: { kid: exceeds } }), badToken('token_malformed'));
  });

  it('a token with a kid of 100 kB is refused as too large, and no key is fetched [RS-8725-3.10-a]', async () => {
    const token = fixture.forge.token({ header: { kid: 'k'.repeat(100_000) } });
    await expectRefused(server, token, badToken('token_too_large'));
    expect(keyServer.connections()).toBe(0);
  });

  it('a long kid is refused with a large maxTokenBytes too, and no key is fetched [RS-8725-3.10-a]', async () => {
    const lenient = coldServerOf(fixture.issuer, { maxTokenBytes: 65_536 });
    fixture.issuer.requests.reset();
    const token = fixture.forge.token({ header: { kid: 'k'.repeat(40_000) } });
    await expectRefused(lenient, token, badToken('token_malformed'));
    expect([fixture.issuer.requests.count('discovery'), fixture.issuer.requests.count('jwks')]).toEqual([0, 0]);
  });

  it('a kid in an error detail is limited to 200 printable characters', async () => {
    const kid = '\u001b\r\n'.repeat(80);
    const denial = await expectRefused(server, fixture.forge.token({ header: { kid } }), badToken('key_unknown'));
    expect(denial.error.detail.found).toMatch(/^[\x20-\x7e]{1,200}$/);
  });
});

describe('the kid and the signature', () => {
  it('a token with the kid of one key and the signature of another is refused', async () => {
    const { issuer, forge } = fixture;
    const old = forge;
    const kid = await issuer.keys.rotate('ES256');
    const { privateKey } = await issuer.keys.current('ES256');
    const fresh = makeForge({ issuer: issuer.issuer, alg: 'ES256', kid, privateKey });
    const both = serverWithKeys(issuer.issuer, jwksOf(issuer).keys);
    await expectAccepted(both, old.token());
    await expectAccepted(both, fresh.token());
    await expectRefused(both, old.token({ header: { kid } }), badToken('signature_invalid'));
    await expectRefused(both, fresh.token({ header: { kid: old.kid } }), badToken('signature_invalid'));
  });
});
