import { claim } from '@resource-server/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { badToken, forbidden } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonLedBy, jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { prototypes } from './support/prototypes.js';
import { type Arena, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Two parsers, two tokens: a member that stands twice is one thing to who keeps the first and
 * another to who keeps the last. And members whose names are those of an object's own workings.
 */

const inherited = prototypes();

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

afterEach(() => {
  expect(prototypes()).toEqual(inherited);
  expect(Object.keys({})).toEqual([]);
  expect(Reflect.has({}, 'polluted')).toBe(false);
});

const malformed = badToken('token_malformed');

/** A token with these texts, signed as they stand. */
function signed(header: string | Members, payload: string | Members): string {
  return signCompact(header, payload, arena.forge.signer);
}

/** The good member and another of its name, in both orders; `written` is how the second spells it. */
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
/** The name with its first letter, its last, and all of them as escapes. */
const escapes: Readonly<Record<string, (name: string) => string>> = {
  'as it is': (name) => name,
  'its first letter escaped': (name) => escaped(name[0] ?? '') + name.slice(1),
  'its last letter escaped': (name) => name.slice(0, -1) + escaped(name.slice(-1)),
  'all of it escaped': (name) => [...name].map(escaped).join(''),
};

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const spelledBy = (members: readonly { name: string; other: unknown }[]) =>
  members.flatMap(({ name, other }) =>
    Object.entries(escapes).map(([spelling, spell]) => ({ name, other, spelling, written: spell(name) })),
  );

describe('a member that stands twice', () => {
  it('a token with each of them once is admitted, whichever way they are spelled', async () => {
    await expectAdmitted(arena.server, signed(arena.forge.header(), arena.forge.claims()));
    const claims = JSON.stringify(arena.forge.claims()).replace('"aud"', `"${escapes['all of it escaped']?.('aud')}"`);
    const header = JSON.stringify(arena.forge.header()).replace('"alg"', `"${escapes['all of it escaped']?.('alg')}"`);
    await expectAdmitted(arena.server, signed(header, claims));
  });

  it.each(spelledBy(headerMembers))(
    '[RS-7515-4-a] in the header refuses the token: $name, and $other for it ($spelling)',
    async ({ name, other, written }) => {
      for (const header of twice(arena.forge.header(), name, other, written)) {
        await expectRefused(arena.server, signed(header, arena.forge.claims()), malformed);
      }
    },
  );

  it.each(spelledBy(claimNames))(
    '[RS-7519-4-a] in the claims refuses the token: $name, and $other for it ($spelling)',
    async ({ name, other, written }) => {
      for (const claims of twice(arena.forge.claims(), name, other, written)) {
        await expectRefused(arena.server, signed(arena.forge.header(), claims), malformed);
      }
    },
  );

  it('[RS-7519-4-a] refuses it though both say the same', async () => {
    const { forge, server } = arena;
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
  ])('[RS-7519-4-a] deeper in the claims refuses the token too: %s', async (nested) => {
    const { forge, server } = arena;
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
  ])('two names that are not the same are no such thing: %s', async (nested) => {
    const { forge, server } = arena;
    await expectAdmitted(server, signed(forge.header(), jsonWith(forge.claims(), 'ext', nested)));
    await expectAdmitted(server, signed(jsonWith(forge.header(), 'ext', nested), forge.claims()));
  });

  it('a name in another case is another member', async () => {
    const { forge, server } = arena;
    const others = { Aud: 'https://other.example', EXP: 1, ISS: 'https://other.example', Scope: 'admin' };
    const { scopes } = await expectAdmitted(server, signed(forge.header({ ALG: 'none' }), forge.claims(others)));
    expect(scopes).toEqual(['read']);
  });

  it('[RS-7515-4-a] [RS-7519-4-a] refuses the token in every framework', async () => {
    const { forge } = arena;
    const [header = ''] = twice(forge.header(), 'alg', 'none', 'al\\u0067');
    const [claims = ''] = twice(forge.claims(), 'scope', 'admin', '\\u0073cope');
    await applications.expectRefused(signed(header, forge.claims()), malformed);
    await applications.expectRefused(signed(forge.header(), claims), malformed);
    await applications.expectAdmitted(signed(forge.header(), forge.claims()));
  });
});

/** JSON that would change what all objects inherit, were it merged into one. */
const pollution = [
  '{"polluted":true}',
  '{"isAdmin":true,"polluted":true,"scope":"admin"}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__":{"__proto__":{"polluted":true}}}',
  'null',
  '[]',
  '"text"',
];
const workings = [
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

describe('a member that is named like the workings of an object', () => {
  it.each(workings.flatMap((name) => pollution.map((raw) => ({ name, raw }))))(
    '[RS-7519-10-a] is data: $name, being $raw',
    async ({ name, raw }) => {
      const { forge, server } = arena;
      const auth = await expectAdmitted(server, signed(forge.header(), jsonWith(forge.claims(), name, raw)));
      expect(Object.getPrototypeOf(auth.claims)).toBeNull();
      expect(Object.getOwnPropertyDescriptor(auth.claims, name)?.value).toEqual(JSON.parse(raw));
      expect(auth.hasScope('admin')).toBe(false);
      await expectAdmitted(server, signed(jsonWith(forge.header(), name, raw), forge.claims()));
    },
  );

  it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
    '[RS-7519-10-a] the %s in it is not the token’s',
    async (name) => {
      const { forge, server } = arena;
      const claims = forge.claims();
      for (const holder of ['__proto__', 'constructor', 'prototype']) {
        const raw = JSON.stringify({ [name]: claims[name], prototype: { [name]: claims[name] } });
        const token = signed(forge.header(), jsonWith(without(claims, name), holder, raw));
        await expectRefused(server, token, badToken('claim_missing'));
      }
    },
  );

  it.each(['alg', 'typ', 'kid'])('the %s in it is not the header’s', async (name) => {
    const { forge, server } = arena;
    const header = forge.header();
    const raw = JSON.stringify({ [name]: header[name] });
    const token = signed(jsonWith(without(header, name), '__proto__', raw), forge.claims());
    // Without a kid, the one key that fits is taken.
    if (name === 'kid') await expectAdmitted(server, token);
    else await expectRefused(server, token, badToken(name === 'alg' ? 'token_malformed' : 'type_refused'));
  });

  it('[RS-7519-10-a] the scope in it grants nothing', async () => {
    const { forge } = arena;
    const claims = jsonWith(without(forge.claims(), 'scope'), '__proto__', '{"scope":"read","scp":"read"}');
    const token = signed(forge.header(), claims);
    await applications.expectRefused(token, forbidden('scope_insufficient', 'read'), '/read');
    await applications.expectAdmitted(token);
    await applications.expectAdmitted(signed(forge.header(), forge.claims()), '/read');
  });

  it.each(workings)('[RS-7519-10-a] no policy finds %s in a token that has no such claim', async (name) => {
    const { forge, server } = arena;
    for (const value of ['function', 'object', '', true, 0]) {
      const policy = claim(name, value);
      await expectRefused(server, forge.token(), forbidden('claim_insufficient'), { policy });
      const token = signed(forge.header(), jsonWith(forge.claims(), name, JSON.stringify(value)));
      await expectAdmitted(server, token, { policy });
    }
  });

  it('no scope of such a name is held by everybody', async () => {
    const auth = await expectAdmitted(arena.server, arena.forge.token());
    expect(workings.filter((name) => auth.hasScope(name))).toEqual([]);
  });

  it.each(workings)('no issuer of such a name is trusted: %s', async (iss) => {
    await expectRefused(arena.server, arena.forge.token({ claims: { iss } }), badToken('issuer_untrusted'));
  });

  it.each(workings)('no algorithm of such a name is known: %s', async (alg) => {
    await expectRefused(arena.server, arena.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('[RS-7519-10-a] is data in every framework, and the next request is judged as the one before', async () => {
    const { forge } = arena;
    const claims = jsonWith(forge.claims({ scope: undefined }), '__proto__', '{"polluted":true,"scopes":["read"]}');
    await applications.expectAdmitted(signed(forge.header(), claims));
    await applications.expectRefused(signed(forge.header(), claims), forbidden('scope_insufficient', 'read'), '/read');
  });
});
