import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { openCanary } from './support/canary.js';
import { makeForge } from './support/forge.js';
import { rows } from './support/rows.js';
import { coldServerOf, type Fixture, jwksOf, openFixture, serverWithKeys } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: names that a reader, a URL parser or a lenient comparison takes for the configured one.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const mismatch = badToken('audience_mismatch');
const untrusted = badToken('issuer_untrusted');
const claimMalformed = badToken('claim_malformed');

/** Names that some transformation makes of an https URL, or that it makes an https URL of. */
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

describe('the audience of a token', () => {
  it('a token is accepted with this API as aud, as a list of one and among others [RS-7519-4.1.3-b]', async () => {
    for (const aud of [audience, [audience], ['https://other.example', audience], [audience, audience]]) {
      await expectAccepted(fixture.server, fixture.forge.token({ claims: { aud } }));
    }
    await applications.expectAccepted(fixture.forge.token({ claims: { aud: ['https://other.example', audience] } }));
  });

  it.each([...rows(lookAlikes(audience)), ...rows([`${audience}:443`, 'https://API.example.com', 'api'])])(
    'a token with the audience $written is refused [RS-7519-4.1.3-c] [RS-9068-4-f] [RS-2.1-7.1-a] [RS-8707-2-b] [RS-9700-4.10.2-a]',
    async ({ value }) => {
      expect(value).not.toBe(audience);
      for (const aud of [value, [value], [value, 'https://other.example', value]]) {
        await expectRefused(fixture.server, fixture.forge.token({ claims: { aud } }), mismatch);
      }
      await expectAccepted(fixture.server, fixture.forge.token({ claims: { aud: [value, audience] } }));
    },
  );

  it('a token with an empty list as aud is refused [RS-7519-4.1.3-a]', async () => {
    await expectRefused(fixture.server, fixture.forge.token({ claims: { aud: [] } }), mismatch);
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
  )(
    'a token whose aud is $written, not a string or a list of strings, is refused [RS-7519-4.1.3-a]',
    async ({ value: aud }) => {
      await expectRefused(fixture.server, fixture.forge.token({ claims: { aud } }), claimMalformed);
    },
  );

  it('a token without aud is refused, whatever other claims name this API [RS-8725-3.9-a]', async () => {
    const elsewhere = { resource: audience, azp: audience, audience, Aud: audience, client_id: audience };
    for (const claims of [{}, elsewhere]) {
      const token = fixture.forge.token({ claims: { ...claims, aud: undefined } });
      await expectRefused(fixture.server, token, badToken('claim_missing'));
      await applications.expectRefused(token, badToken('claim_missing'));
    }
  });

  it('a token is accepted with one whole audience of several configured ones [RS-7519-4.1.3-c]', async () => {
    const server = serverWithKeys(fixture.issuer.issuer, jwksOf(fixture.issuer).keys, {
      audience: ['https://a.example', 'urn:example:b'],
    });
    for (const aud of ['https://a.example', 'urn:example:b', ['urn:example:b', 'x']]) {
      await expectAccepted(server, fixture.forge.token({ claims: { aud } }));
    }
    const joined = [
      'https://a.example,urn:example:b',
      'https://a.example urn:example:b',
      'urn:example:',
      'urn:EXAMPLE:b',
    ];
    for (const aud of [...joined, joined]) {
      await expectRefused(server, fixture.forge.token({ claims: { aud } }), mismatch);
    }
  });

  it.each([
    ['caf\u00e9', 'cafe\u0301'],
    ['\ufb01le', 'file'],
    ['stra\u00dfe', 'strasse'],
    ['\u212a', 'K'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
  ])('the audiences %j and %j are different, in either direction [RS-7519-7.3-a]', async (left, right) => {
    for (const [configured, lookAlike] of [
      [left, right],
      [right, left],
    ] as const) {
      const server = serverWithKeys(fixture.issuer.issuer, jwksOf(fixture.issuer).keys, { audience: configured });
      await expectAccepted(server, fixture.forge.token({ claims: { aud: configured } }));
      await expectRefused(server, fixture.forge.token({ claims: { aud: lookAlike } }), mismatch);
    }
  });

  it('an audience that looks like a pattern is compared as a plain string', async () => {
    for (const configured of ['*', 'https://*.example.com', '.*', '^https://', 'https://api.example.com/*']) {
      const server = serverWithKeys(fixture.issuer.issuer, jwksOf(fixture.issuer).keys, { audience: configured });
      await expectAccepted(server, fixture.forge.token({ claims: { aud: configured } }));
      await expectRefused(server, fixture.forge.token(), mismatch);
    }
  });
});

describe('the issuer of a token', () => {
  it('a token of the configured issuer is accepted', async () => {
    await expectAccepted(fixture.server, fixture.forge.token());
  });

  it('an iss that differs in any code point is refused without a fetch [RS-7519-4.1.1-a] [RS-9068-4-e]', async () => {
    const { issuer, forge } = fixture;
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
      for (const one of [fixture.server, server]) {
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
  ])('the configured issuer %s accepts no look-alike as iss [RS-7519-4.1.1-a]', async (iss) => {
    const { forge } = fixture;
    const server = serverWithKeys(iss, jwksOf(fixture.issuer).keys);
    const own = makeForge({ ...forge, issuer: iss });
    await expectAccepted(server, own.token());
    const { href, origin, pathname } = new URL(iss);
    const unicode = iss.replace('xn--mnchen-3ya', 'm\u00fcnchen');
    const others = [...lookAlikes(iss), href, origin, origin + pathname, unicode, unicode.normalize('NFD')];
    for (const other of others.filter((one) => one !== iss)) {
      await expectRefused(server, own.token({ claims: { iss: other } }), untrusted);
    }
  });

  it.each(rows<unknown>([null, 0, true, {}, [], ['ISSUER'], [['ISSUER']], { 0: 'ISSUER' }, { iss: 'ISSUER' }]))(
    'a token whose iss is $written, not a string, is refused',
    async ({ value }) => {
      const iss: unknown = JSON.parse(JSON.stringify(value).replaceAll('ISSUER', fixture.issuer.issuer));
      await expectRefused(fixture.server, fixture.forge.token({ claims: { iss } }), claimMalformed);
    },
  );

  it('a token without iss is refused, although its header contains iss', async () => {
    const token = fixture.forge.token({ header: { iss: fixture.issuer.issuer }, claims: { iss: undefined } });
    await expectRefused(fixture.server, token, badToken('claim_missing'));
  });

  it('an unknown iss that is a URL is not fetched [RS-9068-4-e]', async () => {
    const canary = await openCanary(JSON.stringify(jwksOf(fixture.issuer)));
    const server = coldServerOf(fixture.issuer);
    for (const iss of [canary.origin, `${canary.origin}/`, `${fixture.issuer.issuer}@${canary.origin.slice(7)}`]) {
      await expectRefused(server, fixture.forge.token({ claims: { iss } }), untrusted);
    }
    expect(canary.connections()).toBe(0);
    await Promise.all([server.close(), canary.close()]);
  });

  it('a token with a look-alike iss is refused in every framework [RS-9068-4-e]', async () => {
    for (const iss of [
      `${fixture.issuer.issuer}/`,
      fixture.issuer.issuer.toUpperCase(),
      `${fixture.issuer.issuer}.evil.example`,
    ]) {
      await applications.expectRefused(fixture.forge.token({ claims: { iss } }), untrusted);
    }
    await applications.expectAccepted(fixture.forge.token());
  });
});

describe('a claim replicated in the header (RFC 7519 section 5.3)', () => {
  it.each(['iss', 'sub', 'aud'])('the header copy of %s must equal the claim [RS-7519-5.3-a]', async (name) => {
    const { forge, server } = fixture;
    const claims = forge.claims();
    await expectAccepted(server, forge.token({ header: { [name]: claims[name] } }));
    for (const other of ['https://other.example', '', null, [claims[name]], { 0: claims[name] }]) {
      await expectRefused(server, forge.token({ header: { [name]: other } }), claimMalformed);
    }
  });

  it('the header copy is never used in place of the claim [RS-7519-5.3-a]', async () => {
    const { forge, server } = fixture;
    const other = { aud: 'https://other.example' };
    await expectRefused(server, forge.token({ header: { aud: audience }, claims: other }), claimMalformed);
    await expectRefused(server, forge.token({ header: other, claims: other }), mismatch);
    const missing = forge.token({ header: { aud: audience }, claims: { aud: undefined } });
    await expectRefused(server, missing, badToken('claim_missing'));
    const unknown = { iss: 'https://other.example' };
    await expectRefused(server, forge.token({ header: { iss: forge.issuer }, claims: unknown }), untrusted);
  });
});

describe('the option audience: null', () => {
  it('with audience null a token is accepted with any aud or none, and refused with a malformed one', async () => {
    const server: ResourceServer = createResourceServer({
      issuer: { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer), tokenProfile: 'jwt' },
      audience: null,
    });
    for (const aud of [undefined, 'https://other.example', [], ['x']]) {
      await expectAccepted(server, fixture.forge.token({ claims: { aud } }));
    }
    for (const aud of [null, 1, {}, [1]]) {
      await expectRefused(server, fixture.forge.token({ claims: { aud } }), claimMalformed);
    }
  });
});
