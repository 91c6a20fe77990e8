import { anyScope, createResourceServer, scope } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Arena, jwksOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Rights by resemblance: a scope is a whole word, in its own case, divided from others by spaces.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const policy = scope('read');
const needsRead = forbidden('scope_insufficient', 'read');

const lookAlikes = [
  'Read',
  'READ',
  'rEAD',
  'read:all',
  'read.all',
  'read/all',
  'read-only',
  'read_',
  ':read',
  'api:read',
  'api/read',
  'https://api.example.com/read',
  'unread',
  'reads',
  'reader',
  'spread',
  'readread',
  'rea',
  'ead',
  'r',
  'r e a d',
  'rea d',
  'write,read',
  'read,write',
  'read;write',
  'read|write',
  'read+write',
  'read%20write',
  'read&write',
  'read\twrite',
  'read\nwrite',
  'read\r\nwrite',
  'read\u000bwrite',
  'read\u00a0write',
  'read\u3000write',
  'read\u2028write',
  'read\u0000',
  'read\u0000write',
  'read\u200b',
  '\ufeffread',
  'r\u200dead',
  'ｒｅａｄ',
  'rеad',
  're\u0061\u0301d',
  '%72ead',
  '\\u0072ead',
  '&#114;ead',
  '*',
  'read*',
  're?d',
  '.*',
  '[a-z]+',
  '"read"',
  "'read'",
  '["read"]',
  'read=true',
  '!read',
  '-read',
  'admin',
  'openid profile email',
  'null',
  'true',
  '',
  ' ',
  '   ',
];

describe('a scope', () => {
  it.each(['read', ' read', 'read ', 'a  read   b', 'write read', 'read read', 'READ read'])(
    '[RS-6750-3-h] is a word among others, in any place: %j',
    async (granted) => {
      const { scopes } = await expectAdmitted(arena.server, arena.forge.token({ claims: { scope: granted } }), {
        policy,
      });
      expect(scopes).toEqual([...new Set(granted.split(' '))].filter((word) => word !== ''));
    },
  );

  it('is what it says, however JSON writes it', async () => {
    const { forge, server } = arena;
    const claims = jsonWith(without(forge.claims(), 'scope'), 'scope', '"wr\\u0069te\\u0020\\u0072ead"');
    await expectAdmitted(server, signCompact(forge.header(), claims, forge.signer), { policy });
  });

  it.each(rows(lookAlikes))('[RS-6750-3-h] read is not in $written', async ({ value }) => {
    const token = arena.forge.token({ claims: { scope: value } });
    await expectRefused(arena.server, token, needsRead, { policy });
    await expectAdmitted(arena.server, token);
  });

  it.each(['read:all', 'Read', 'unread', 'read,write', ''])(
    '[RS-6750-3-h] [RS-2.1-7.1-b] read is not in %j in any framework',
    async (granted) => {
      await applications.expectRefused(arena.forge.token({ claims: { scope: granted } }), needsRead, '/read');
      await applications.expectAdmitted(arena.forge.token({ claims: { scope: `${granted} read` } }), '/read');
    },
  );

  it('[RS-6750-3.1-c] of several that are needed, each is needed, in any order', async () => {
    const both = scope('read', 'write');
    const needsBoth = forbidden('scope_insufficient', 'read write');
    for (const granted of ['read', 'write', 'read,write', 'readwrite', 'read-write', 'read Write']) {
      const token = arena.forge.token({ claims: { scope: granted } });
      await expectRefused(arena.server, token, needsBoth, { policy: both });
    }
    for (const granted of ['read write', 'write read', 'x write y read']) {
      await expectAdmitted(arena.server, arena.forge.token({ claims: { scope: granted } }), { policy: both });
    }
  });

  it('of several any one of which will do, one must be there', async () => {
    const either = anyScope('read', 'admin');
    await expectAdmitted(arena.server, arena.forge.token({ claims: { scope: 'x admin' } }), { policy: either });
    for (const granted of ['read:admin', 'readadmin', 'x']) {
      const token = arena.forge.token({ claims: { scope: granted } });
      await expectRefused(arena.server, token, forbidden('scope_insufficient', 'read admin'), { policy: either });
    }
  });

  it('that implies others does so by its whole name', async () => {
    const server = createResourceServer({ ...arena.options, scopeImplies: { admin: ['read'] } });
    await expectAdmitted(server, arena.forge.token({ claims: { scope: 'admin' } }), { policy });
    for (const granted of ['Admin', 'admin:x', 'superadmin', 'constructor', '__proto__']) {
      await expectRefused(server, arena.forge.token({ claims: { scope: granted } }), needsRead, { policy });
    }
  });
});

describe('a token without scope', () => {
  const elsewhere: readonly Members[] = [
    {},
    { scp: 'read' },
    { scp: ['read'] },
    { scopes: ['read'] },
    { Scope: 'read' },
    { SCOPE: 'read' },
    { permissions: ['read'] },
    { roles: ['read'], groups: ['read'], entitlements: ['read'] },
    { authorities: ['SCOPE_read'] },
    { authorization_details: [{ type: 'read', actions: ['read'] }] },
  ];

  it.each(rows(elsewhere))(
    '[RS-9068-2.2.3-b] is granted nothing, wherever else the word stands: $written',
    async ({ value }) => {
      const token = arena.forge.token({ claims: { ...value, scope: undefined } });
      const { scopes } = await expectAdmitted(arena.server, token);
      expect(scopes).toEqual([]);
      await expectRefused(arena.server, token, needsRead, { policy });
    },
  );

  it('[RS-9068-2.2.3-b] is granted nothing in any framework, and nothing in its header helps', async () => {
    const token = arena.forge.token({ header: { scope: 'read' }, claims: { scope: undefined } });
    await applications.expectRefused(token, needsRead, '/read');
  });
});

describe('a scope that is no string', () => {
  const noStrings = [['read'], ['read', 'write'], [], {}, { read: true }, { 0: 'read' }, null, true, 1, [['read']]];

  it.each(rows<unknown>(noStrings))('[RS-9068-2.2.3-a] refuses the token: $written', async ({ value }) => {
    await expectRefused(arena.server, arena.forge.token({ claims: { scope: value } }), badToken('claim_malformed'));
  });

  it('where lists were agreed on, an item is one scope, whole', async () => {
    const server = createResourceServer({
      issuer: { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer), tokenProfile: 'jwt' },
      audience,
    });
    const granted = (claims: Members) => arena.forge.token({ claims: { scope: undefined, ...claims } });
    for (const claims of [{ scope: ['read'] }, { scp: ['x', 'read'] }, { scp: 'x read' }, { scope: 'read', scp: [] }]) {
      await expectAdmitted(server, granted(claims), { policy });
    }
    const insufficient = [
      { scope: ['read write'] },
      { scp: ['read write'] },
      { scp: ['Read', ' read', 'read,write', 'read:all'] },
      // The first claim that is there counts, empty or not.
      { scope: '', scp: 'read' },
      { scope: [], scp: ['read'] },
    ];
    for (const claims of insufficient) await expectRefused(server, granted(claims), needsRead, { policy });
    for (const scp of [[1], [null], [['read']], {}, 7, true, null]) {
      await expectRefused(server, granted({ scp }), badToken('claim_malformed'));
    }
  });
});
