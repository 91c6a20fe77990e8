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
import { type Arena, coldServerOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * A token that brings its own key, or says where to fetch it. The canary has every key an attacker
 * could want, and nobody may come.
 */

const attackers = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk: Members = { ...attackers.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
const certificate = selfSignedCertificate(attackers.publicKey, attackers.privateKey);
const x5c = [certificate.toString('base64')];
const thumbprints = {
  x5t: createHash('sha1').update(certificate).digest('base64url'),
  'x5t#S256': createHash('sha256').update(certificate).digest('base64url'),
};

let arena: Arena;
let applications: Applications;
let attacker: Forge;
let canary: Canary;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
  attacker = makeForge({ ...arena.forge, privateKey: attackers.privateKey });
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

beforeEach(async () => {
  canary = await openCanary(JSON.stringify({ keys: [{ ...jwk, kid: arena.forge.kid }] }));
});

afterEach(async () => {
  expect(canary.connections()).toBe(0);
  await canary.close();
});

/** Header parameters that carry the attacker's key. */
const embedded: Readonly<Record<string, Members>> = {
  jwk: { jwk },
  'jwk with the kid of ours': { jwk: { ...jwk, kid: 'same' } },
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

describe('a key in the header', () => {
  it('the attacker’s certificate is one, and over the key that signs', () => {
    const { publicKey } = new X509Certificate(certificate);
    expect(publicKey.equals(attackers.publicKey)).toBe(true);
    expect(new X509Certificate(certificate).verify(attackers.publicKey)).toBe(true);
  });

  it.each(Object.entries(embedded).map(([name, header]) => ({ name, header })))(
    '[RS-7515-4.1.3-a] [RS-9068-4-g] does not verify its token: $name',
    async ({ header }) => {
      const { server } = arena;
      await expectRefused(server, attacker.token({ header }), badToken('signature_invalid'));
      const nameless = attacker.token({ header: { ...header, kid: undefined } });
      await expectRefused(server, nameless, badToken('signature_invalid'));
      const foreign = attacker.token({ header: { ...header, kid: 'attackers' } });
      await expectRefused(server, foreign, badToken('key_unknown'));
    },
  );

  it.each(Object.entries(embedded).map(([name, header]) => ({ name, header })))(
    '[RS-7515-4-b] does not change what a good token is worth: $name',
    async ({ header }) => {
      await expectAdmitted(arena.server, arena.forge.token({ header }));
    },
  );

  it('[RS-7515-4.1.3-a] is not looked at in any framework', async () => {
    await applications.expectAdmitted(arena.forge.token());
    await applications.expectRefused(attacker.token({ header: { jwk } }), badToken('signature_invalid'));
    await applications.expectRefused(attacker.token({ header: { x5c } }), badToken('signature_invalid'));
  });

  it('the issuer’s own key, repeated in the header, does not vouch for another signature', async () => {
    const { publicJwk } = await arena.issuer.keys.current('ES256');
    const token = attacker.token({ header: { jwk: publicJwk } });
    await expectRefused(arena.server, token, badToken('signature_invalid'));
    await expectAdmitted(arena.server, arena.forge.token({ header: { jwk: publicJwk } }));
  });

  it('[RS-7518-3.2-c] a secret in the header is no key', async () => {
    const header = { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } };
    await expectRefused(arena.server, attacker.token({ header }), badToken('algorithm_refused'));
  });

  it('a key in the claims is no key either: a self-issued token stays a stranger’s', async () => {
    const { server } = arena;
    const selfIssued = attacker.token({ claims: { iss: 'https://self-issued.me/v2', sub_jwk: jwk } });
    await expectRefused(server, selfIssued, badToken('issuer_untrusted'));
    await expectRefused(server, attacker.token({ claims: { jwk, sub_jwk: jwk } }), badToken('signature_invalid'));
    await expectAdmitted(server, arena.forge.token({ claims: { sub_jwk: jwk } }));
  });

  it('a token that its issuer bound to a key is not a bearer token', async () => {
    const token = arena.forge.token({ claims: { cnf: { jwk } } });
    await expectRefused(arena.server, token, badToken('binding_unsupported'));
  });
});

/** Header parameters that point to the attacker's key. */
const pointing: Readonly<Record<string, (origin: string) => Members>> = {
  jku: (origin) => ({ jku: `${origin}/jwks` }),
  x5u: (origin) => ({ x5u: `${origin}/chain.pem` }),
  'jku and x5u': (origin) => ({ jku: `${origin}/jwks`, x5u: `${origin}/chain.pem`, ...thumbprints }),
  'jku as a list': (origin) => ({ jku: [`${origin}/jwks`] }),
  'jku with our issuer in front': (origin) => ({ jku: `${arena.issuer.issuer}@${origin.slice('http://'.length)}/` }),
  'jku behind a redirect of ours': (origin) => ({ jku: `${arena.issuer.issuer}/jwks?next=${origin}/jwks` }),
  kid: (origin) => ({ kid: `${origin}/jwks#1` }),
};

describe('an address in the header', () => {
  it('the canary sings when somebody comes', async () => {
    const other = await openCanary('{}');
    await new Promise((resolve) => get(`${other.origin}/jwks`, resolve));
    expect([other.connections(), other.targets()]).toEqual([1, ['/jwks']]);
    await other.close();
  });

  it.each(Object.entries(pointing).map(([name, headerOf]) => ({ name, headerOf })))(
    '[RS-7515-4.1.2-a] [RS-8725-3.10-b] is never asked for a key: $name',
    async ({ headerOf }) => {
      const header = headerOf(canary.origin);
      const code = 'kid' in header ? 'key_unknown' : 'signature_invalid';
      const server = coldServerOf(arena.issuer);
      for (const one of [arena.server, server]) {
        await expectRefused(one, attacker.token({ header }), badToken(code));
        await expectRefused(one, attacker.token({ header: { ...header, kid: 'attackers' } }), badToken('key_unknown'));
      }
      await server.close();
    },
  );

  it('[RS-7515-4.1.2-a] a good token is worth what it was, and the address is not visited', async () => {
    for (const name of ['jku', 'x5u', 'jku and x5u', 'jku as a list']) {
      await expectAdmitted(arena.server, arena.forge.token({ header: pointing[name]?.(canary.origin) ?? {} }));
    }
  });

  it.each(rows<unknown>(['file:///etc/passwd', 'data:application/json,{"keys":[]}', '', 'jwks', 7, null, {}]))(
    '[RS-7515-4.1.2-a] a jku that is $written harms nobody',
    async ({ value: jku }) => {
      await expectAdmitted(arena.server, arena.forge.token({ header: { jku } }));
      await expectRefused(arena.server, attacker.token({ header: { jku } }), badToken('signature_invalid'));
    },
  );

  it('[RS-7515-4.1.2-a] is not visited in any framework', async () => {
    const header = { jku: `${canary.origin}/jwks`, x5u: `${canary.origin}/chain.pem` };
    await applications.expectRefused(attacker.token({ header }), badToken('signature_invalid'));
    await applications.expectAdmitted(arena.forge.token({ header }));
  });

  it('[RS-9068-4-g] an issuer nobody configured is not asked for its keys, though the token is well signed', async () => {
    const stranger = makeForge({ ...attacker, issuer: canary.origin });
    for (const server of [arena.server, coldServerOf(arena.issuer)]) {
      await expectRefused(server, stranger.token(), badToken('issuer_untrusted'));
      const header = { iss: canary.origin, jku: `${canary.origin}/jwks` };
      await expectRefused(server, stranger.token({ header }), badToken('issuer_untrusted'));
    }
  });

  it('the attacker’s key is a good one where it was configured', async () => {
    const { kid } = arena.forge;
    const options = { issuer: { issuer: arena.issuer.issuer, jwks: { keys: [{ ...jwk, kid }] } } };
    await expectAdmitted(coldServerOf(arena.issuer, options), attacker.token());
    expect(createPublicKey({ key: jwk, format: 'jwk' }).equals(attackers.publicKey)).toBe(true);
  });
});
