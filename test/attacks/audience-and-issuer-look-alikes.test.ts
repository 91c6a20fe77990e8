import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { openCanary } from './support/canary.js';
import { makeForge } from './support/forge.js';
import { rows } from './support/rows.js';
import { type Arena, coldServerOf, jwksOf, openArena, serverWithKeys } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Names that are the same to a reader, to a URL parser or to a sloppy comparison, and not the same.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const mismatch = badToken('audience_mismatch');
const untrusted = badToken('issuer_untrusted');
const claimMalformed = badToken('claim_malformed');

/** Names that one transformation or another makes of an https URL, or makes an https URL of. */
function lookAlikes(url: string): string[] {
  const { protocol, host, hostname, pathname } = new URL(url);
  const rest = url.slice(protocol.length + 2);
  return [
    `${url}/`,
    `${url}//`,
    `${url}/.`,
    `${url}/x/..`,
    `${url}?`,
    `${url}#`,
    `${url}?a=b`,
    `${url}/v1`,
    url.toUpperCase(),
    url.replace(protocol, protocol.toUpperCase()),
    url.replace(protocol, protocol === 'https:' ? 'http:' : 'https:'),
    rest,
    `//${rest}`,
    host,
    hostname,
    `${protocol}//user@${rest}`,
    `${protocol}//${rest}@evil.example`,
    `${protocol}//${hostname}.:${new URL(url).port || '443'}${pathname}`,
    `${protocol}//${hostname}.${pathname}`,
    `${url}.evil.example`,
    `${url}evil`,
    `evil${url}`,
    `https://evil.example/${url}`,
    `https://evil.example/?${url}`,
    `${protocol}\\\\${rest}`,
    ` ${url}`,
    `${url} `,
    `\t${url}`,
    `${url}\n`,
    `${url}\u0000`,
    `${url}\u0000.evil.example`,
    `\ufeff${url}`,
    `${url}\u200b`,
    url.slice(0, -1),
    url.slice(1),
    url.replace('.', '。'),
    url.replace('/', '／'),
    url.replace('p', '%70'),
    url.replace('p', 'р'),
    encodeURIComponent(url),
    `<${url}>`,
    `"${url}"`,
    `${url},https://other.example`,
    `https://other.example ${url}`,
    `${url} https://other.example`,
    '*',
    `${protocol}//*`,
    '.*',
    '',
    'null',
    'undefined',
  ];
}

describe('an audience', () => {
  it('[RS-7519-4.1.3-b] is us as a string, as a list of one and among others', async () => {
    for (const aud of [audience, [audience], ['https://other.example', audience], [audience, audience]]) {
      await expectAdmitted(arena.server, arena.forge.token({ claims: { aud } }));
    }
    await applications.expectAdmitted(arena.forge.token({ claims: { aud: ['https://other.example', audience] } }));
  });

  it.each([...rows(lookAlikes(audience)), ...rows([`${audience}:443`, 'https://API.example.com', 'api'])])(
    '[RS-7519-4.1.3-c] [RS-9068-4-f] [RS-2.1-7.1-a] [RS-8707-2-b] [RS-9700-4.10.2-a] is not us when it is $written',
    async ({ value }) => {
      expect(value).not.toBe(audience);
      for (const aud of [value, [value], [value, 'https://other.example', value]]) {
        await expectRefused(arena.server, arena.forge.token({ claims: { aud } }), mismatch);
      }
      await expectAdmitted(arena.server, arena.forge.token({ claims: { aud: [value, audience] } }));
    },
  );

  it('[RS-7519-4.1.3-a] an empty list names nobody', async () => {
    await expectRefused(arena.server, arena.forge.token({ claims: { aud: [] } }), mismatch);
  });

  it.each(
    rows<unknown>([
      null,
      0,
      1,
      true,
      {},
      { [audience]: true },
      { 0: audience, length: 1 },
      { toString: audience },
      [null],
      [audience, null],
      [audience, 1],
      [[audience]],
      [audience, [audience]],
      [{ aud: audience }],
      [audience, {}],
    ]),
  )('[RS-7519-4.1.3-a] is a string or a list of strings, and not $written', async ({ value: aud }) => {
    await expectRefused(arena.server, arena.forge.token({ claims: { aud } }), claimMalformed);
  });

  it('[RS-8725-3.9-a] that is missing refuses the token, wherever else the name stands', async () => {
    const elsewhere = { resource: audience, azp: audience, audience, Aud: audience, client_id: audience };
    for (const claims of [{}, elsewhere]) {
      const token = arena.forge.token({ claims: { ...claims, aud: undefined } });
      await expectRefused(arena.server, token, badToken('claim_missing'));
      await applications.expectRefused(token, badToken('claim_missing'));
    }
  });

  it('[RS-7519-4.1.3-c] of several of ours is any one, whole', async () => {
    const server = serverWithKeys(arena.issuer.issuer, jwksOf(arena.issuer).keys, {
      audience: ['https://a.example', 'urn:example:b'],
    });
    for (const aud of ['https://a.example', 'urn:example:b', ['urn:example:b', 'x']]) {
      await expectAdmitted(server, arena.forge.token({ claims: { aud } }));
    }
    const joined = [
      'https://a.example,urn:example:b',
      'https://a.example urn:example:b',
      'urn:example:',
      'urn:EXAMPLE:b',
    ];
    for (const aud of [...joined, joined]) {
      await expectRefused(server, arena.forge.token({ claims: { aud } }), mismatch);
    }
  });

  it.each([
    ['caf\u00e9', 'cafe\u0301'],
    ['\ufb01le', 'file'],
    ['stra\u00dfe', 'strasse'],
    ['\u212a', 'K'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
  ])('[RS-7519-7.3-a] %j is not %j, in either direction', async (left, right) => {
    for (const [ours, theirs] of [
      [left, right],
      [right, left],
    ] as const) {
      const server = serverWithKeys(arena.issuer.issuer, jwksOf(arena.issuer).keys, { audience: ours });
      await expectAdmitted(server, arena.forge.token({ claims: { aud: ours } }));
      await expectRefused(server, arena.forge.token({ claims: { aud: theirs } }), mismatch);
    }
  });

  it('is a name also where it looks like a pattern', async () => {
    for (const ours of ['*', 'https://*.example.com', '.*', '^https://', 'https://api.example.com/*']) {
      const server = serverWithKeys(arena.issuer.issuer, jwksOf(arena.issuer).keys, { audience: ours });
      await expectAdmitted(server, arena.forge.token({ claims: { aud: ours } }));
      await expectRefused(server, arena.forge.token(), mismatch);
    }
  });
});

describe('an issuer', () => {
  it('that is ours is admitted', async () => {
    await expectAdmitted(arena.server, arena.forge.token());
  });

  it('[RS-7519-4.1.1-a] [RS-9068-4-e] is compared by every code point, and costs nothing when it is not ours', async () => {
    const { issuer, forge } = arena;
    const server = coldServerOf(issuer);
    issuer.requests.reset();
    const { port } = new URL(issuer.issuer);
    const hosts = [
      'localhost',
      '127.1',
      '127.0.0.01',
      '0x7f.0.0.1',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '[::1]',
      '0.0.0.0',
    ];
    for (const iss of [...lookAlikes(issuer.issuer), ...hosts.map((host) => `http://${host}:${port}`)]) {
      expect(iss).not.toBe(issuer.issuer);
      for (const one of [arena.server, server]) {
        await expectRefused(one, forge.token({ claims: { iss } }), untrusted);
      }
    }
    expect([issuer.requests.count('discovery'), issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it.each([
    'https://as.example',
    'https://as.example/',
    'https://as.example/tenant',
    'https://as.example:443',
    'https://AS.example',
    'https://xn--mnchen-3ya.example',
    'https://as.example/%7Etenant',
    'https://as.example/~tenant',
  ])('[RS-7519-4.1.1-a] that was configured as %s is no other', async (iss) => {
    const { forge } = arena;
    const server = serverWithKeys(iss, jwksOf(arena.issuer).keys);
    const own = makeForge({ ...forge, issuer: iss });
    await expectAdmitted(server, own.token());
    const { href, origin, pathname } = new URL(iss);
    const unicode = iss.replace('xn--mnchen-3ya', 'm\u00fcnchen');
    const others = [...lookAlikes(iss), href, origin, origin + pathname, unicode, unicode.normalize('NFD')];
    for (const other of others.filter((one) => one !== iss)) {
      await expectRefused(server, own.token({ claims: { iss: other } }), untrusted);
    }
  });

  it.each(rows<unknown>([null, 0, true, {}, [], ['ISSUER'], [['ISSUER']], { 0: 'ISSUER' }, { iss: 'ISSUER' }]))(
    'is a string, and not $written',
    async ({ value }) => {
      const iss: unknown = JSON.parse(JSON.stringify(value).replaceAll('ISSUER', arena.issuer.issuer));
      await expectRefused(arena.server, arena.forge.token({ claims: { iss } }), claimMalformed);
    },
  );

  it('that is missing refuses the token, though the header names it', async () => {
    const token = arena.forge.token({ header: { iss: arena.issuer.issuer }, claims: { iss: undefined } });
    await expectRefused(arena.server, token, badToken('claim_missing'));
  });

  it('[RS-9068-4-e] that is an address is not visited', async () => {
    const canary = await openCanary(JSON.stringify(jwksOf(arena.issuer)));
    const server = coldServerOf(arena.issuer);
    for (const iss of [canary.origin, `${canary.origin}/`, `${arena.issuer.issuer}@${canary.origin.slice(7)}`]) {
      await expectRefused(server, arena.forge.token({ claims: { iss } }), untrusted);
    }
    expect(canary.connections()).toBe(0);
    await Promise.all([server.close(), canary.close()]);
  });

  it('[RS-9068-4-e] that only looks like ours is refused in every framework', async () => {
    for (const iss of [
      `${arena.issuer.issuer}/`,
      arena.issuer.issuer.toUpperCase(),
      `${arena.issuer.issuer}.evil.example`,
    ]) {
      await applications.expectRefused(arena.forge.token({ claims: { iss } }), untrusted);
    }
    await applications.expectAdmitted(arena.forge.token());
  });
});

describe('a copy of a claim in the header', () => {
  it.each(['iss', 'sub', 'aud'])('[RS-7519-5.3-a] agrees with the claim: %s', async (name) => {
    const { forge, server } = arena;
    const claims = forge.claims();
    await expectAdmitted(server, forge.token({ header: { [name]: claims[name] } }));
    for (const other of ['https://other.example', '', null, [claims[name]], { 0: claims[name] }]) {
      await expectRefused(server, forge.token({ header: { [name]: other } }), claimMalformed);
    }
  });

  it('[RS-7519-5.3-a] is never used in its place', async () => {
    const { forge, server } = arena;
    const other = { aud: 'https://other.example' };
    await expectRefused(server, forge.token({ header: { aud: audience }, claims: other }), claimMalformed);
    await expectRefused(server, forge.token({ header: other, claims: other }), mismatch);
    const missing = forge.token({ header: { aud: audience }, claims: { aud: undefined } });
    await expectRefused(server, missing, badToken('claim_missing'));
    const stranger = { iss: 'https://other.example' };
    await expectRefused(server, forge.token({ header: { iss: forge.issuer }, claims: stranger }), untrusted);
  });
});

describe('audience null', () => {
  it('was said aloud: any audience, and none, are admitted, and a malformed one is not', async () => {
    const server: ResourceServer = createResourceServer({
      issuer: { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer), tokenProfile: 'jwt' },
      audience: null,
    });
    for (const aud of [undefined, 'https://other.example', [], ['x']]) {
      await expectAdmitted(server, arena.forge.token({ claims: { aud } }));
    }
    for (const aud of [null, 1, {}, [1]]) {
      await expectRefused(server, arena.forge.token({ claims: { aud } }), claimMalformed);
    }
  });
});
