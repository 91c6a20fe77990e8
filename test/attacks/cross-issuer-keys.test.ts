import { generateKeyPairSync } from 'node:crypto';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken, unavailable } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Forge, forgeOf, makeForge } from './support/forge.js';
import type { Members } from './support/jws-builder.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: with two trusted issuers, a token of one of them that is signed by the other.
 */

const pairs = {
  a: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  b: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The second is the first with a path, so that one name is a prefix of the other. */
const names = { a: 'https://as.example', b: 'https://as.example/tenant' };
const kid = 'shared';

const forges = {
  a: makeForge({ issuer: names.a, alg: 'ES256', kid, privateKey: pairs.a.privateKey }),
  b: makeForge({ issuer: names.b, alg: 'ES256', kid, privateKey: pairs.b.privateKey }),
};

function keysOf(...keys: readonly Members[]): { keys: readonly Members[] } {
  return { keys };
}

const jwkOf = (issuer: keyof typeof pairs, members: Members = {}): Members => ({
  ...pairs[issuer].publicKey.export({ format: 'jwk' }),
  kid,
  ...members,
});

const options = {
  issuer: [
    { issuer: names.a, jwks: keysOf(jwkOf('a')) },
    { issuer: names.b, jwks: keysOf(jwkOf('b')) },
  ],
  audience,
};
const server = createResourceServer(options);
const invalid = badToken('signature_invalid');

let applications: Applications;

beforeAll(async () => {
  applications = await startApplications(options);
});

afterAll(() => applications.close());

/** A token with one issuer as iss, signed by the other. */
const forged = (named: Forge, signedBy: Forge, changes: Members = {}) =>
  signedBy.token({ claims: { iss: named.issuer, ...changes } });

describe('two trusted issuers with the same kid', () => {
  it('a token of each trusted issuer is accepted', async () => {
    await expectAccepted(server, forges.a.token());
    await expectAccepted(server, forges.b.token());
  });

  it('a token of one trusted issuer signed by the other is refused [RS-8725-3.8-a] [RS-9068-4-g]', async () => {
    await expectRefused(server, forged(forges.a, forges.b), invalid);
    await expectRefused(server, forged(forges.b, forges.a), invalid);
  });

  it('a token of one trusted issuer signed by the other is refused without a kid too [RS-8725-3.8-a]', async () => {
    for (const [name, by] of [
      [forges.a, forges.b],
      [forges.b, forges.a],
    ] as const) {
      const token = by.token({ header: { kid: undefined }, claims: { iss: name.issuer } });
      await expectRefused(server, token, invalid);
    }
  });

  it('a token of one trusted issuer signed by the other is refused in every framework [RS-8725-3.8-a]', async () => {
    await applications.expectRefused(forged(forges.a, forges.b), invalid);
    await applications.expectRefused(forged(forges.b, forges.a), invalid);
    await applications.expectAccepted(forges.a.token());
    await applications.expectAccepted(forges.b.token());
  });

  it('the other issuer as iss in the header changes nothing [RS-7519-5.3-a]', async () => {
    for (const [name, by] of [
      [forges.a, forges.b],
      [forges.b, forges.a],
    ] as const) {
      const header = { iss: by.issuer };
      await expectRefused(server, by.token({ header, claims: { iss: name.issuer } }), invalid);
      await expectRefused(server, by.token({ header: { iss: name.issuer } }), badToken('claim_malformed'));
    }
  });

  it('a token of an untrusted issuer is refused, with the key of either trusted issuer', async () => {
    const iss = 'https://as.example/other';
    for (const by of [forges.a, forges.b]) {
      await expectRefused(server, by.token({ claims: { iss } }), badToken('issuer_untrusted'));
    }
  });

  it('the same subject of two issuers is two identities [RS-8725-3.8-b]', async () => {
    const [left, right] = [
      await expectAccepted(server, forges.a.token()),
      await expectAccepted(server, forges.b.token()),
    ];
    expect([left.subject, left.issuer]).toEqual([right.subject, names.a]);
    expect(right.issuer).toBe(names.b);
  });

  it('the order of the configured issuers and of earlier tokens does not matter', async () => {
    const reversed = createResourceServer({ ...options, issuer: options.issuer.toReversed() });
    for (const one of [server, reversed]) {
      await expectAccepted(one, forges.a.token());
      await expectRefused(one, forged(forges.b, forges.a), invalid);
      await expectAccepted(one, forges.b.token());
      await expectRefused(one, forged(forges.a, forges.b), invalid);
    }
  });

  it('a key that both issuers publish verifies each token for the issuer that it names', async () => {
    const shared = createResourceServer({
      ...options,
      issuer: [names.a, names.b].map((issuer) => ({ issuer, jwks: keysOf(jwkOf('a')) })),
    });
    expect((await expectAccepted(shared, forges.a.token())).issuer).toBe(names.a);
    expect((await expectAccepted(shared, forged(forges.b, forges.a))).issuer).toBe(names.b);
    await expectRefused(shared, forges.b.token(), invalid);
  });

  it('a kid of the other issuer only is unknown', async () => {
    const separate = createResourceServer({
      ...options,
      issuer: [
        { issuer: names.a, jwks: keysOf(jwkOf('a', { kid: 'a' })) },
        { issuer: names.b, jwks: keysOf(jwkOf('b', { kid: 'b' })) },
      ],
    });
    await expectAccepted(separate, forges.a.token({ header: { kid: 'a' } }));
    await expectRefused(separate, forges.a.token({ header: { kid: 'b' } }), badToken('key_unknown'));
    const ofOther = forges.b.token({ header: { kid: 'b' }, claims: { iss: names.a } });
    await expectRefused(separate, ofOther, badToken('key_unknown'));
  });
});

describe('options of one issuer do not apply to another', () => {
  const rsaJwk: Members = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' };
  const byRsa = (issuer: string) => makeForge({ issuer, alg: 'RS256', kid: 'rsa', privateKey: rsa.privateKey });
  const serverWith = (first: object, second: object): ResourceServer =>
    createResourceServer({
      audience,
      issuer: [
        { issuer: names.a, jwks: keysOf(jwkOf('a'), rsaJwk), ...first },
        { issuer: names.b, jwks: keysOf(jwkOf('b'), rsaJwk), ...second },
      ],
    });

  it('algorithms apply to their own issuer, though both publish both keys [RS-8725-3.1-c]', async () => {
    const one = serverWith({ algorithms: ['ES256'] }, { algorithms: ['RS256'] });
    await expectAccepted(one, forges.a.token());
    await expectAccepted(one, byRsa(names.b).token());
    await expectRefused(one, byRsa(names.a).token(), badToken('algorithm_refused'));
    await expectRefused(one, forges.b.token(), badToken('algorithm_refused'));
  });

  it('audiences apply to their own issuer [RS-9068-4-f]', async () => {
    const [first, second] = ['https://a.api.example', 'https://b.api.example'];
    const one = serverWith({ audience: first }, { audience: second });
    for (const [forge, own, other] of [
      [forges.a, first, second],
      [forges.b, second, first],
    ] as const) {
      await expectAccepted(one, forge.token({ claims: { aud: own } }));
      await expectRefused(one, forge.token({ claims: { aud: other } }), badToken('audience_mismatch'));
      await expectRefused(one, forge.token(), badToken('audience_mismatch'));
    }
  });

  it('audience null of one issuer does not apply to another', async () => {
    const one = serverWith({ audience: null }, {});
    await expectAccepted(one, forges.a.token({ claims: { aud: 'https://other.example' } }));
    const token = forges.b.token({ claims: { aud: 'https://other.example' } });
    await expectRefused(one, token, badToken('audience_mismatch'));
  });

  it('tokenProfile jwt of one issuer does not apply to another [RS-9068-4-a]', async () => {
    const one = serverWith({ tokenProfile: 'jwt' }, {});
    const header = { typ: 'JWT' };
    await expectAccepted(one, forges.a.token({ header }));
    await expectRefused(one, forges.b.token({ header }), badToken('type_refused'));
  });

  it('scopeClaims of one issuer do not apply to another', async () => {
    const one = serverWith({ scopeClaims: ['permissions'] }, {});
    const claims = { permissions: 'admin' };
    expect((await expectAccepted(one, forges.a.token({ claims }))).scopes).toEqual(['admin']);
    expect((await expectAccepted(one, forges.b.token({ claims }))).scopes).toEqual(['read']);
  });
});

describe('two trusted issuers whose keys are fetched', () => {
  let issuers: readonly [MockIssuer, MockIssuer];
  let fetching: ResourceServer;

  beforeAll(async () => {
    issuers = await Promise.all([
      createMockIssuer({ alg: 'ES256', audience }),
      createMockIssuer({ alg: 'ES256', audience }),
    ]);
    fetching = createResourceServer({ issuer: issuers.map(({ issuer }) => issuer), audience });
  });

  afterAll(() => Promise.all([fetching.close(), ...issuers.map((issuer) => issuer.close())]));

  it('a kid is looked up at the issuer that the token names, and at no other [RS-8725-3.8-a]', async () => {
    const [a, b] = issuers;
    const [forgeA, forgeB] = [await forgeOf(a), await forgeOf(b)];
    await expectRefused(fetching, forged(forgeB, forgeA), badToken('key_unknown'));
    expect([a.requests.count('jwks'), a.requests.count('discovery')]).toEqual([0, 0]);
    expect(b.requests.count('jwks')).toBeGreaterThan(0);
    await expectAccepted(fetching, forgeA.token());
    await expectAccepted(fetching, forgeB.token());
    const named = forgeA.token({ header: { kid: forgeB.kid }, claims: { iss: b.issuer } });
    await expectRefused(fetching, named, invalid);
  });

  it('while one issuer is unreachable, the keys of the other are not used for its tokens [RS-8725-3.8-a]', async () => {
    const [a, b] = issuers;
    a.faults.discovery('down');
    a.faults.jwks('down');
    const cold = createResourceServer({ issuer: issuers.map(({ issuer }) => issuer), audience });
    const forgeB = await forgeOf(b);
    await expectAccepted(cold, forgeB.token());
    const decision = await cold.checkToken(forged(await forgeOf(a), forgeB));
    expect([decision.granted, decision.granted || decision.status]).toEqual([
      false,
      unavailable('keys_unavailable').status,
    ]);
    await expectAccepted(cold, forgeB.token());
    a.faults.clear();
    await cold.close();
  });
});
