import { claim } from '@resource-server/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonLedBy, jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { prototypes } from './support/prototypes.js';
import { type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: a duplicate member means one thing to a parser that keeps the first and another to a
 * parser that keeps the last. And members with the names of an object's own methods and prototype.
 */

const inherited = prototypes();

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

afterEach(() => {
  expect(prototypes()).toEqual(inherited);
  expect(Object.keys({})).toEqual([]);
  expect(Reflect.has({}, 'polluted')).toBe(false);
});

const malformed = badToken('token_malformed');

/** A token with these JSON texts, signed unchanged. */
function signed(header: string | Members, payload: string | Members): string {
  return signCompact(header, payload, fixture.forge.signer);
}

/**
 * The valid member and another of the same name, in both orders; `written` spells the second name.
 */
function twice(members: Members, name: string, other: unknown, written: string = name): string[] {
  const rawOther = JSON.stringify(other);
  return [jsonWith(members, written, rawOther), jsonLedBy(written, rawOther, members)];
}

const headerMembers = [
  { name: 'alg', other: 'none' },
  { name: 'alg', other: 'HS256' },
  { name: 'alg', other: 'ES256' },
  { name: 'kid', other: 'another' },
  { name: 'typ', other: 'JWT' },
  { name: 'typ', other: 'at+jwt' },
];
const claimNames = [
  { name: 'iss', other: 'https://other.example' },
  { name: 'aud', other: 'https://other.example' },
  { name: 'exp', other: 4_000_000_000 },
  { name: 'exp', other: 'never' },
  { name: 'sub', other: 'admin' },
  { name: 'scope', other: 'admin' },
  { name: 'client_id', other: 'other' },
  { name: 'jti', other: 'other' },
  { name: 'iat', other: 0 },
];
/** The name unchanged, and with its first letter, its last letter or all letters as escapes. */
const escapes: Readonly<Record<string, (name: string) => string>> = {
  unescaped: (name) => name,
  'first letter escaped': (name) => escaped(name[0] ?? '') + name.slice(1),
  'last letter escaped': (name) => name.slice(0, -1) + escaped(name.slice(-1)),
  'all letters escaped': (name) => [...name].map(escaped).join(''),
};

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const spelledBy = (members: readonly { name: string; other: unknown }[]) =>
  members.flatMap(({ name, other }) =>
    Object.entries(escapes).map(([spelling, spell]) => ({ name, other, spelling, written: spell(name) })),
  );

describe('duplicate members', () => {
  it('a token with each member once is accepted, in any spelling of the names', async () => {
    await expectAccepted(fixture.server, signed(fixture.forge.header(), fixture.forge.claims()));
    const claims = JSON.stringify(fixture.forge.claims()).replace(
      '"aud"',
      `"${escapes['all letters escaped']?.('aud')}"`,
    );
    const header = JSON.stringify(fixture.forge.header()).replace(
      '"alg"',
      `"${escapes['all letters escaped']?.('alg')}"`,
    );
    await expectAccepted(fixture.server, signed(header, claims));
  });

  it.each(spelledBy(headerMembers))(
    'a duplicate header parameter is refused: $name, and $other for it ($spelling) [RS-7515-4-a]',
    async ({ name, other, written }) => {
      for (const header of twice(fixture.forge.header(), name, other, written)) {
        await expectRefused(fixture.server, signed(header, fixture.forge.claims()), malformed);
      }
    },
  );

  it.each(spelledBy(claimNames))(
    'a duplicate claim is refused: $name, and $other for it ($spelling) [RS-7519-4-a]',
    async ({ name, other, written }) => {
      for (const claims of twice(fixture.forge.claims(), name, other, written)) {
        await expectRefused(fixture.server, signed(fixture.forge.header(), claims), malformed);
      }
    },
  );

  it('a duplicate claim with the same value is refused [RS-7519-4-a]', async () => {
    const { forge, server } = fixture;
    const claims = forge.claims();
    for (const name of Object.keys(claims)) {
      await expectRefused(
        server,
        signed(forge.header(), jsonWith(claims, name, JSON.stringify(claims[name]))),
        malformed,
      );
    }
  });

  it.each([
    '{"act":{"sub":"a","sub":"b"}}',
    '{"list":[{"a":1,"a":2}]}',
    '{"list":[[[{"a":1,"b":{"a":1},"a":2}]]]}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"constructor":1,"constructor":2}',
    '{"\\ud800":1,"\\ud800":2}',
    '{"a\\/b":1,"a/b":2}',
    '{"a\\tb":1,"a\\u0009b":2}',
    '{"\\"":1,"\\u0022":2}',
    '{"\u00e9":1,"\\u00e9":2}',
    '{"a" :1,"a"\n: 2}',
  ])('a duplicate member at any depth is refused: %s [RS-7519-4-a]', async (nested) => {
    const { forge, server } = fixture;
    await expectRefused(server, signed(forge.header(), jsonWith(forge.claims(), 'ext', nested)), malformed);
    await expectRefused(server, signed(jsonWith(forge.header(), 'ext', nested), forge.claims()), malformed);
  });

  it.each([
    '{"a":1,"A":2}',
    '{"a":1,"a ":2,"\\u0000a":3}',
    '{"\u00e9":1,"e\u0301":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a\\":\\"b","c":"\\\\"}',
    '"{\\"a\\":1,\\"a\\":2}"',
  ])('names that differ are not duplicates: %s', async (nested) => {
    const { forge, server } = fixture;
    await expectAccepted(server, signed(forge.header(), jsonWith(forge.claims(), 'ext', nested)));
    await expectAccepted(server, signed(jsonWith(forge.header(), 'ext', nested), forge.claims()));
  });

  it('a member whose name differs in case is another member', async () => {
    const { forge, server } = fixture;
    const others = { Aud: 'https://other.example', EXP: 1, ISS: 'https://other.example', Scope: 'admin' };
    const { scopes } = await expectAccepted(server, signed(forge.header({ ALG: 'none' }), forge.claims(others)));
    expect(scopes).toEqual(['read']);
  });

  it('a duplicate member is refused in every framework [RS-7515-4-a] [RS-7519-4-a]', async () => {
    const { forge } = fixture;
    const [header = ''] = twice(forge.header(), 'alg', 'none', 'al\\u0067');
    const [claims = ''] = twice(forge.claims(), 'scope', 'admin', '\\u0073cope');
    await applications.expectRefused(signed(header, forge.claims()), malformed);
    await applications.expectRefused(signed(forge.header(), claims), malformed);
    await applications.expectAccepted(signed(forge.header(), forge.claims()));
  });
});

/** JSON that would change the prototype of all objects if it were merged into one. */
const pollution = [
  '{"polluted":true}',
  '{"isAdmin":true,"polluted":true,"scope":"admin"}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__":{"__proto__":{"polluted":true}}}',
  'null',
  '[]',
  '"text"',
];
const reservedNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '__lookupSetter__',
  'toJSON',
  'then',
  'length',
];

describe('members with the name of an object method or of a prototype', () => {
  it.each(reservedNames.flatMap((name) => pollution.map((raw) => ({ name, raw }))))(
    'a member with a reserved name is data: $name, with the value $raw [RS-7519-10-a]',
    async ({ name, raw }) => {
      const { forge, server } = fixture;
      const auth = await expectAccepted(server, signed(forge.header(), jsonWith(forge.claims(), name, raw)));
      expect(Object.getPrototypeOf(auth.claims)).toBeNull();
      expect(Object.getOwnPropertyDescriptor(auth.claims, name)?.value).toEqual(JSON.parse(raw));
      expect(auth.hasScope('admin')).toBe(false);
      await expectAccepted(server, signed(jsonWith(forge.header(), name, raw), forge.claims()));
    },
  );

  it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
    'the claim %s inside a member with a reserved name does not count as a claim of the token [RS-7519-10-a]',
    async (name) => {
      const { forge, server } = fixture;
      const claims = forge.claims();
      for (const holder of ['__proto__', 'constructor', 'prototype']) {
        const raw = JSON.stringify({ [name]: claims[name], prototype: { [name]: claims[name] } });
        const token = signed(forge.header(), jsonWith(without(claims, name), holder, raw));
        await expectRefused(server, token, badToken('claim_missing'));
      }
    },
  );

  it.each(['alg', 'typ', 'kid'])(
    'the parameter %s inside a member __proto__ does not count as a header parameter',
    async (name) => {
      const { forge, server } = fixture;
      const header = forge.header();
      const raw = JSON.stringify({ [name]: header[name] });
      const token = signed(jsonWith(without(header, name), '__proto__', raw), forge.claims());
      // Without a kid, the only suitable key is used.
      if (name === 'kid') await expectAccepted(server, token);
      else await expectRefused(server, token, badToken(name === 'alg' ? 'token_malformed' : 'type_refused'));
    },
  );

  it('a scope inside a member __proto__ grants nothing [RS-7519-10-a]', async () => {
    const { forge } = fixture;
    const claims = jsonWith(without(forge.claims(), 'scope'), '__proto__', '{"scope":"read","scp":"read"}');
    const token = signed(forge.header(), claims);
    await applications.expectRefused(token, forbidden('scope_insufficient', 'read'), '/read');
    await applications.expectAccepted(token);
    await applications.expectAccepted(signed(forge.header(), forge.claims()), '/read');
  });

  it.each(reservedNames)(
    'no policy finds the claim %s in a token without such a claim [RS-7519-10-a]',
    async (name) => {
      const { forge, server } = fixture;
      for (const value of ['function', 'object', '', true, 0]) {
        const policy = claim(name, value);
        await expectRefused(server, forge.token(), forbidden('claim_insufficient'), { policy });
        const token = signed(forge.header(), jsonWith(forge.claims(), name, JSON.stringify(value)));
        await expectAccepted(server, token, { policy });
      }
    },
  );

  it('a token has no scope with a reserved name', async () => {
    const auth = await expectAccepted(fixture.server, fixture.forge.token());
    expect(reservedNames.filter((name) => auth.hasScope(name))).toEqual([]);
  });

  it.each(reservedNames)('an issuer with a reserved name is untrusted: %s', async (iss) => {
    await expectRefused(fixture.server, fixture.forge.token({ claims: { iss } }), badToken('issuer_untrusted'));
  });

  it.each(reservedNames)('an algorithm with a reserved name is refused: %s', async (alg) => {
    await expectRefused(fixture.server, fixture.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('a member __proto__ is data in every framework, and does not affect the next request [RS-7519-10-a]', async () => {
    const { forge } = fixture;
    const claims = jsonWith(forge.claims({ scope: undefined }), '__proto__', '{"polluted":true,"scopes":["read"]}');
    await applications.expectAccepted(signed(forge.header(), claims));
    await applications.expectRefused(signed(forge.header(), claims), forbidden('scope_insufficient', 'read'), '/read');
  });
});
