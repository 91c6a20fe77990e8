import { anyScope, createResourceServer, scope } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Fixture, jwksOf, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: a scope that resembles the required one. A scope is a whole word, case-sensitive, and
 * scopes are separated by spaces.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

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

describe('the comparison of scopes', () => {
  it.each(['read', ' read', 'read ', 'a  read   b', 'write read', 'read read', 'READ read'])(
    'the scope read is found as a whole word in any position: %j [RS-6750-3-h]',
    async (granted) => {
      const { scopes } = await expectAccepted(fixture.server, fixture.forge.token({ claims: { scope: granted } }), {
        policy,
      });
      expect(scopes).toEqual([...new Set(granted.split(' '))].filter((word) => word !== ''));
    },
  );

  it('a scope written with JSON escapes is the same scope', async () => {
    const { forge, server } = fixture;
    const claims = jsonWith(without(forge.claims(), 'scope'), 'scope', '"wr\\u0069te\\u0020\\u0072ead"');
    await expectAccepted(server, signCompact(forge.header(), claims, forge.signer), { policy });
  });

  it.each(rows(lookAlikes))('the scope read is not found in $written [RS-6750-3-h]', async ({ value }) => {
    const token = fixture.forge.token({ claims: { scope: value } });
    await expectRefused(fixture.server, token, needsRead, { policy });
    await expectAccepted(fixture.server, token);
  });

  it.each(['read:all', 'Read', 'unread', 'read,write', ''])(
    'the scope read is not found in %j in any framework [RS-6750-3-h] [RS-2.1-7.1-b]',
    async (granted) => {
      await applications.expectRefused(fixture.forge.token({ claims: { scope: granted } }), needsRead, '/read');
      await applications.expectAccepted(fixture.forge.token({ claims: { scope: `${granted} read` } }), '/read');
    },
  );

  it('scope() requires each of its scopes, in any order [RS-6750-3.1-c]', async () => {
    const both = scope('read', 'write');
    const needsBoth = forbidden('scope_insufficient', 'read write');
    for (const granted of ['read', 'write', 'read,write', 'readwrite', 'read-write', 'read Write']) {
      const token = fixture.forge.token({ claims: { scope: granted } });
      await expectRefused(fixture.server, token, needsBoth, { policy: both });
    }
    for (const granted of ['read write', 'write read', 'x write y read']) {
      await expectAccepted(fixture.server, fixture.forge.token({ claims: { scope: granted } }), { policy: both });
    }
  });

  it('anyScope() requires one of its scopes', async () => {
    const either = anyScope('read', 'admin');
    await expectAccepted(fixture.server, fixture.forge.token({ claims: { scope: 'x admin' } }), { policy: either });
    for (const granted of ['read:admin', 'readadmin', 'x']) {
      const token = fixture.forge.token({ claims: { scope: granted } });
      await expectRefused(fixture.server, token, forbidden('scope_insufficient', 'read admin'), { policy: either });
    }
  });

  it('scopeImplies compares whole scope names', async () => {
    const server = createResourceServer({ ...fixture.options, scopeImplies: { admin: ['read'] } });
    await expectAccepted(server, fixture.forge.token({ claims: { scope: 'admin' } }), { policy });
    for (const granted of ['Admin', 'admin:x', 'superadmin', 'constructor', '__proto__']) {
      await expectRefused(server, fixture.forge.token({ claims: { scope: granted } }), needsRead, { policy });
    }
  });
});

describe('a token without the claim scope', () => {
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
    'a token without scope has no scopes, whatever other claims contain: $written [RS-9068-2.2.3-b]',
    async ({ value }) => {
      const token = fixture.forge.token({ claims: { ...value, scope: undefined } });
      const { scopes } = await expectAccepted(fixture.server, token);
      expect(scopes).toEqual([]);
      await expectRefused(fixture.server, token, needsRead, { policy });
    },
  );

  it('a token without scope has no scopes in any framework, and its header adds none [RS-9068-2.2.3-b]', async () => {
    const token = fixture.forge.token({ header: { scope: 'read' }, claims: { scope: undefined } });
    await applications.expectRefused(token, needsRead, '/read');
  });
});

describe('a claim scope that is not a string', () => {
  const noStrings = [['read'], ['read', 'write'], [], {}, { read: true }, { 0: 'read' }, null, true, 1, [['read']]];

  it.each(rows<unknown>(noStrings))(
    'a scope that is not a string refuses the token: $written [RS-9068-2.2.3-a]',
    async ({ value }) => {
      await expectRefused(
        fixture.server,
        fixture.forge.token({ claims: { scope: value } }),
        badToken('claim_malformed'),
      );
    },
  );

  it('with the profile jwt each item of a scope list is one whole scope', async () => {
    const server = createResourceServer({
      issuer: { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer), tokenProfile: 'jwt' },
      audience,
    });
    const granted = (claims: Members) => fixture.forge.token({ claims: { scope: undefined, ...claims } });
    for (const claims of [{ scope: ['read'] }, { scp: ['x', 'read'] }, { scp: 'x read' }, { scope: 'read', scp: [] }]) {
      await expectAccepted(server, granted(claims), { policy });
    }
    const insufficient = [
      { scope: ['read write'] },
      { scp: ['read write'] },
      { scp: ['Read', ' read', 'read,write', 'read:all'] },
      // The first claim that is present counts, even if it is empty.
      { scope: '', scp: 'read' },
      { scope: [], scp: ['read'] },
    ];
    for (const claims of insufficient) await expectRefused(server, granted(claims), needsRead, { policy });
    for (const scp of [[1], [null], [['read']], {}, 7, true, null]) {
      await expectRefused(server, granted({ scp }), badToken('claim_malformed'));
    }
  });
});
