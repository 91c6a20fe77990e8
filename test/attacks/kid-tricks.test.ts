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
import { type Arena, coldServerOf, jwksOf, openArena, serverWithKeys } from './support/servers.js';
import { bearer, expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * A kid that wants to be more than the name of a key. Every token here is signed by the issuer's
 * own key, so that only the kid can refuse it.
 */

const inherited = prototypes();
const decoy = join(tmpdir(), `kid-${randomUUID()}`);

let arena: Arena;
let applications: Applications;
/** Serves the issuer's keys, and remembers at which addresses it was asked. */
let keyServer: Canary;
let server: ResourceServer;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

beforeEach(async () => {
  keyServer = await openCanary(JSON.stringify(jwksOf(arena.issuer)));
  const issuer = { issuer: arena.issuer.issuer, jwksUri: `${keyServer.origin}/keys` };
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

describe('a kid is a name and nothing else', () => {
  it.each(rows([...paths, ...queries, ...commands, ...members, ...controls]))(
    '[RS-8725-3.10-a] $written names no key',
    async ({ value: kid }) => {
      const denial = await expectRefused(server, arena.forge.token({ header: { kid } }), badToken('key_unknown'));
      expect(denial.error.detail.found).toMatch(/^[\x20-\x7e]{1,200}$/);
      // Two: the set that was not there, and one look for a newer one.
      expect(keyServer.targets()).toEqual(['/keys', '/keys']);
    },
  );

  it('[RS-8725-3.10-a] [RS-OIDC-10.1.1-b] all of them, at once and one by one, cost two requests, and no good token its way in', async () => {
    const tricks = [...paths, ...queries, ...commands, ...members, ...controls];
    const tokens = tricks.map((kid) => arena.forge.token({ header: { kid } }));
    await Promise.all(tokens.map((token) => server.check(bearer(token))));
    for (const token of tokens) await expectRefused(server, token, badToken('key_unknown'));
    await expectAdmitted(server, arena.forge.token());
    expect(keyServer.targets()).toEqual(['/keys', '/keys']);
  });

  it('[RS-OIDC-10.1.1-b] a thousand kids at once, with the keys at hand, cost one request', async () => {
    await expectAdmitted(server, arena.forge.token());
    const codes = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const token = arena.forge.token({ header: { kid: randomUUID() } });
        const decision = await server.check(bearer(token));
        return decision.granted ? 'admitted' : decision.error.code;
      }),
    );
    expect(new Set(codes)).toEqual(new Set(['key_unknown']));
    expect(keyServer.targets()).toEqual(['/keys', '/keys']);
  });

  it('[RS-8725-3.10-a] no file is made of one', async () => {
    const before = readdirSync('.').sort();
    for (const kid of [decoy, `./${randomUUID()}`, `$(touch ${decoy})`, `; touch ${decoy}`]) {
      await expectRefused(server, arena.forge.token({ header: { kid } }), badToken('key_unknown'));
    }
    expect(existsSync(decoy)).toBe(false);
    expect(readdirSync('.').sort()).toEqual(before);
  });

  it('[RS-8725-3.10-a] no address is visited for one', async () => {
    const canary = await openCanary(JSON.stringify(jwksOf(arena.issuer)));
    for (const kid of [
      `${canary.origin}/keys`,
      `${canary.origin}/`,
      `//${canary.origin.slice(7)}/`,
      `@${canary.origin.slice(7)}`,
    ]) {
      await expectRefused(server, arena.forge.token({ header: { kid } }), badToken('key_unknown'));
    }
    expect(canary.connections()).toBe(0);
    await canary.close();
  });

  it.each(['../../../../etc/passwd', "' OR 1=1 --", '__proto__'])(
    '[RS-8725-3.10-a] %j names no key in any framework',
    async (kid) => {
      await applications.expectRefused(arena.forge.token({ header: { kid } }), badToken('key_unknown'));
      await applications.expectAdmitted(arena.forge.token());
    },
  );

  it.each(rows([...paths, ...queries, ...members, ...controls]))(
    'and where the issuer has a key of that name, it is that key: $written',
    async ({ value: kid }) => {
      const { forge, issuer } = arena;
      const named = serverWithKeys(issuer.issuer, [{ ...jwksOf(issuer).keys[0], kid }]);
      await expectAdmitted(named, forge.token({ header: { kid } }));
      await expectRefused(named, forge.token(), badToken('key_unknown'));
    },
  );
});

describe('a kid is compared as it is', () => {
  const named = (kid: string) => serverWithKeys(arena.issuer.issuer, [{ ...jwksOf(arena.issuer).keys[0], kid }]);

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
  ])('[RS-7515-4.1.4-a] the key %j is not the one that %j names', async (published, kid) => {
    await expectAdmitted(named(published), arena.forge.token({ header: { kid: published } }));
    await expectRefused(named(published), arena.forge.token({ header: { kid } }), badToken('key_unknown'));
  });

  it.each(rows<unknown>([7, 0, -1, 1.5, true, false, null, [], ['kid1'], {}, { toString: 'kid1' }, { $ne: null }]))(
    '[RS-7515-4.1.4-a] a kid is a string, and not $written',
    async ({ value: kid }) => {
      await expectRefused(named('7'), arena.forge.token({ header: { kid } }), badToken('token_malformed'));
      await expectRefused(server, arena.forge.token({ header: { kid } }), badToken('token_malformed'));
      expect(keyServer.connections()).toBe(0);
    },
  );
});

describe('a kid is short', () => {
  it('256 characters are a name, and 257 are none', async () => {
    const [fits, exceeds] = ['k'.repeat(256), 'k'.repeat(257)];
    const named = serverWithKeys(arena.issuer.issuer, [{ ...jwksOf(arena.issuer).keys[0], kid: fits }]);
    await expectAdmitted(named, arena.forge.token({ header: { kid: fits } }));
    await expectRefused(named, arena.forge.token({ header: { kid: exceeds } }), badToken('token_malformed'));
  });

  it('[RS-8725-3.10-a] one of 100 kB is not looked at, and fetches nothing', async () => {
    const token = arena.forge.token({ header: { kid: 'k'.repeat(100_000) } });
    await expectRefused(server, token, badToken('token_too_large'));
    expect(keyServer.connections()).toBe(0);
  });

  it('[RS-8725-3.10-a] one that the largest token has room for neither', async () => {
    const roomy = coldServerOf(arena.issuer, { maxTokenBytes: 65_536 });
    arena.issuer.requests.reset();
    const token = arena.forge.token({ header: { kid: 'k'.repeat(40_000) } });
    await expectRefused(roomy, token, badToken('token_malformed'));
    expect([arena.issuer.requests.count('discovery'), arena.issuer.requests.count('jwks')]).toEqual([0, 0]);
  });

  it('what operators are shown of one is 200 printable characters at most', async () => {
    const kid = '\u001b\r\n'.repeat(80);
    const denial = await expectRefused(server, arena.forge.token({ header: { kid } }), badToken('key_unknown'));
    expect(denial.error.detail.found).toMatch(/^[\x20-\x7e]{1,200}$/);
  });
});

describe('a kid chooses among the keys of its issuer, not which signature is good', () => {
  it('the name of one key and the signature of another are refused', async () => {
    const { issuer, forge } = arena;
    const old = forge;
    const kid = await issuer.keys.rotate('ES256');
    const { privateKey } = await issuer.keys.current('ES256');
    const fresh = makeForge({ issuer: issuer.issuer, alg: 'ES256', kid, privateKey });
    const both = serverWithKeys(issuer.issuer, jwksOf(issuer).keys);
    await expectAdmitted(both, old.token());
    await expectAdmitted(both, fresh.token());
    await expectRefused(both, old.token({ header: { kid } }), badToken('signature_invalid'));
    await expectRefused(both, fresh.token({ header: { kid: old.kid } }), badToken('signature_invalid'));
  });
});
