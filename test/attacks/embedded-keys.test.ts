import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Canary, openCanary } from './support/canary.js';
import { selfSignedCertificate } from './support/certificate.js';
import { type Forge, makeForge } from './support/forge.js';
import type { Members } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { coldServerOf, type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: a token that contains its own key, or the address of one. The canary serves every key
 * that an attacker could want, and must receive no request.
 */

const attackers = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk: Members = { ...attackers.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
const certificate = selfSignedCertificate(attackers.publicKey, attackers.privateKey);
const x5c = [certificate.toString('base64')];
const thumbprints = {
  x5t: createHash('sha1').update(certificate).digest('base64url'),
  'x5t#S256': createHash('sha256').update(certificate).digest('base64url'),
};

let fixture: Fixture;
let applications: Applications;
let attacker: Forge;
let canary: Canary;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
  attacker = makeForge({ ...fixture.forge, privateKey: attackers.privateKey });
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

beforeEach(async () => {
  canary = await openCanary(JSON.stringify({ keys: [{ ...jwk, kid: fixture.forge.kid }] }));
});

afterEach(async () => {
  expect(canary.connections()).toBe(0);
  await canary.close();
});

/** Header parameters that carry the attacker's key. */
const embedded: Readonly<Record<string, Members>> = {
  jwk: { jwk },
  'jwk with the kid of the issuer': { jwk: { ...jwk, kid: 'same' } },
  'jwk as text': { jwk: JSON.stringify(jwk) },
  'jwk as a set': { jwk: { keys: [jwk] } },
  jwks: { jwks: { keys: [jwk] } },
  x5c: { x5c },
  'x5c with its thumbprints': { x5c, ...thumbprints },
  'x5c as text': { x5c: x5c[0] },
  epk: { epk: jwk },
  cnf: { cnf: { jwk } },
  'all of them': { jwk, jwks: { keys: [jwk] }, x5c, ...thumbprints },
};

describe('a key in the header of a token', () => {
  it('the control: the attacker’s certificate is valid for the signing key', () => {
    const { publicKey } = new X509Certificate(certificate);
    expect(publicKey.equals(attackers.publicKey)).toBe(true);
    expect(new X509Certificate(certificate).verify(attackers.publicKey)).toBe(true);
  });

  it.each(Object.entries(embedded).map(([name, header]) => ({ name, header })))(
    'a key in the header does not verify its token: $name [RS-7515-4.1.3-a] [RS-9068-4-g]',
    async ({ header }) => {
      const { server } = fixture;
      await expectRefused(server, attacker.token({ header }), badToken('signature_invalid'));
      const withoutKid = attacker.token({ header: { ...header, kid: undefined } });
      await expectRefused(server, withoutKid, badToken('signature_invalid'));
      const foreign = attacker.token({ header: { ...header, kid: 'attackers' } });
      await expectRefused(server, foreign, badToken('key_unknown'));
    },
  );

  it.each(Object.entries(embedded).map(([name, header]) => ({ name, header })))(
    'a valid token with a key in its header is accepted: $name [RS-7515-4-b]',
    async ({ header }) => {
      await expectAccepted(fixture.server, fixture.forge.token({ header }));
    },
  );

  it('a key in the header is ignored in every framework [RS-7515-4.1.3-a]', async () => {
    await applications.expectAccepted(fixture.forge.token());
    await applications.expectRefused(attacker.token({ header: { jwk } }), badToken('signature_invalid'));
    await applications.expectRefused(attacker.token({ header: { x5c } }), badToken('signature_invalid'));
  });

  it('the issuer’s own key in the header does not verify another signature', async () => {
    const { publicJwk } = await fixture.issuer.keys.current('ES256');
    const token = attacker.token({ header: { jwk: publicJwk } });
    await expectRefused(fixture.server, token, badToken('signature_invalid'));
    await expectAccepted(fixture.server, fixture.forge.token({ header: { jwk: publicJwk } }));
  });

  it('a symmetric key in the header is refused [RS-7518-3.2-c]', async () => {
    const header = { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } };
    await expectRefused(fixture.server, attacker.token({ header }), badToken('algorithm_refused'));
  });

  it('a key in the claims is ignored: a self-issued token has an untrusted issuer', async () => {
    const { server } = fixture;
    const selfIssued = attacker.token({ claims: { iss: 'https://self-issued.me/v2', sub_jwk: jwk } });
    await expectRefused(server, selfIssued, badToken('issuer_untrusted'));
    await expectRefused(server, attacker.token({ claims: { jwk, sub_jwk: jwk } }), badToken('signature_invalid'));
    await expectAccepted(server, fixture.forge.token({ claims: { sub_jwk: jwk } }));
  });

  it('a token that its issuer bound to a key is refused as a bearer token', async () => {
    const token = fixture.forge.token({ claims: { cnf: { jwk } } });
    await expectRefused(fixture.server, token, badToken('binding_unsupported'));
  });
});

/** Header parameters that point to the attacker's key. */
const pointing: Readonly<Record<string, (origin: string) => Members>> = {
  jku: (origin) => ({ jku: `${origin}/jwks` }),
  x5u: (origin) => ({ x5u: `${origin}/chain.pem` }),
  'jku and x5u': (origin) => ({ jku: `${origin}/jwks`, x5u: `${origin}/chain.pem`, ...thumbprints }),
  'jku as a list': (origin) => ({ jku: [`${origin}/jwks`] }),
  'jku that begins with the issuer': (origin) => ({
    jku: `${fixture.issuer.issuer}@${origin.slice('http://'.length)}/`,
  }),
  'jku that the issuer might redirect': (origin) => ({ jku: `${fixture.issuer.issuer}/jwks?next=${origin}/jwks` }),
  kid: (origin) => ({ kid: `${origin}/jwks#1` }),
};

describe('an address of a key in the header of a token', () => {
  it('the control: the canary counts a connection', async () => {
    const other = await openCanary('{}');
    await new Promise((resolve) => get(`${other.origin}/jwks`, resolve));
    expect([other.connections(), other.targets()]).toEqual([1, ['/jwks']]);
    await other.close();
  });

  it.each(Object.entries(pointing).map(([name, headerOf]) => ({ name, headerOf })))(
    'an address in the header is never fetched: $name [RS-7515-4.1.2-a] [RS-8725-3.10-b]',
    async ({ headerOf }) => {
      const header = headerOf(canary.origin);
      const code = 'kid' in header ? 'key_unknown' : 'signature_invalid';
      const server = coldServerOf(fixture.issuer);
      for (const one of [fixture.server, server]) {
        await expectRefused(one, attacker.token({ header }), badToken(code));
        await expectRefused(one, attacker.token({ header: { ...header, kid: 'attackers' } }), badToken('key_unknown'));
      }
      await server.close();
    },
  );

  it('a valid token with an address in its header is accepted without fetching it [RS-7515-4.1.2-a]', async () => {
    for (const name of ['jku', 'x5u', 'jku and x5u', 'jku as a list']) {
      await expectAccepted(fixture.server, fixture.forge.token({ header: pointing[name]?.(canary.origin) ?? {} }));
    }
  });

  it.each(rows<unknown>(['file:///etc/passwd', 'data:application/json,{"keys":[]}', '', 'jwks', 7, null, {}]))(
    'a jku that is $written changes nothing [RS-7515-4.1.2-a]',
    async ({ value: jku }) => {
      await expectAccepted(fixture.server, fixture.forge.token({ header: { jku } }));
      await expectRefused(fixture.server, attacker.token({ header: { jku } }), badToken('signature_invalid'));
    },
  );

  it('an address in the header is not fetched in any framework [RS-7515-4.1.2-a]', async () => {
    const header = { jku: `${canary.origin}/jwks`, x5u: `${canary.origin}/chain.pem` };
    await applications.expectRefused(attacker.token({ header }), badToken('signature_invalid'));
    await applications.expectAccepted(fixture.forge.token({ header }));
  });

  it('the keys of an unknown issuer are not fetched, though its token is correctly signed [RS-9068-4-g]', async () => {
    const unknown = makeForge({ ...attacker, issuer: canary.origin });
    for (const server of [fixture.server, coldServerOf(fixture.issuer)]) {
      await expectRefused(server, unknown.token(), badToken('issuer_untrusted'));
      const header = { iss: canary.origin, jku: `${canary.origin}/jwks` };
      await expectRefused(server, unknown.token({ header }), badToken('issuer_untrusted'));
    }
  });

  it('the control: the attacker’s key verifies the token when it is configured', async () => {
    const { kid } = fixture.forge;
    const options = { issuer: { issuer: fixture.issuer.issuer, jwks: { keys: [{ ...jwk, kid }] } } };
    await expectAccepted(coldServerOf(fixture.issuer, options), attacker.token());
    expect(createPublicKey({ key: jwk, format: 'jwk' }).equals(attackers.publicKey)).toBe(true);
  });
});
