import { generateKeyPairSync } from 'node:crypto';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken, unavailable } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Forge, forgeOf, makeForge } from './support/forge.js';
import type { Members } from './support/jws-builder.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Two issuers, both trusted, and neither trusted with the other's tokens.
 */

const pairs = {
  a: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  b: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The second is the first with a path: one prefix of the other. */
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

/** A token in the name of one issuer, signed by the other. */
const forged = (name: Forge, by: Forge, changes: Members = {}) =>
  by.token({ claims: { iss: name.issuer, ...changes } });

describe('two issuers whose keys have one kid', () => {
  it('each is believed for itself', async () => {
    await expectAdmitted(server, forges.a.token());
    await expectAdmitted(server, forges.b.token());
  });

  it('[RS-8725-3.8-a] [RS-9068-4-g] neither is believed for the other', async () => {
    await expectRefused(server, forged(forges.a, forges.b), invalid);
    await expectRefused(server, forged(forges.b, forges.a), invalid);
  });

  it('[RS-8725-3.8-a] neither is believed for the other without a kid', async () => {
    for (const [name, by] of [
      [forges.a, forges.b],
      [forges.b, forges.a],
    ] as const) {
      const token = by.token({ header: { kid: undefined }, claims: { iss: name.issuer } });
      await expectRefused(server, token, invalid);
    }
  });

  it('[RS-8725-3.8-a] neither is believed for the other in any framework', async () => {
    await applications.expectRefused(forged(forges.a, forges.b), invalid);
    await applications.expectRefused(forged(forges.b, forges.a), invalid);
    await applications.expectAdmitted(forges.a.token());
    await applications.expectAdmitted(forges.b.token());
  });

  it('[RS-7519-5.3-a] naming the other in the header changes nothing', async () => {
    for (const [name, by] of [
      [forges.a, forges.b],
      [forges.b, forges.a],
    ] as const) {
      const header = { iss: by.issuer };
      await expectRefused(server, by.token({ header, claims: { iss: name.issuer } }), invalid);
      await expectRefused(server, by.token({ header: { iss: name.issuer } }), badToken('claim_malformed'));
    }
  });

  it('a third that nobody trusts is not believed, with either key', async () => {
    const iss = 'https://as.example/other';
    for (const by of [forges.a, forges.b]) {
      await expectRefused(server, by.token({ claims: { iss } }), badToken('issuer_untrusted'));
    }
  });

  it('[RS-8725-3.8-b] one subject of two issuers is two', async () => {
    const [left, right] = [
      await expectAdmitted(server, forges.a.token()),
      await expectAdmitted(server, forges.b.token()),
    ];
    expect([left.subject, left.issuer]).toEqual([right.subject, names.a]);
    expect(right.issuer).toBe(names.b);
  });

  it('the order in which they were configured does not matter, nor which token came before', async () => {
    const turned = createResourceServer({ ...options, issuer: options.issuer.toReversed() });
    for (const one of [server, turned]) {
      await expectAdmitted(one, forges.a.token());
      await expectRefused(one, forged(forges.b, forges.a), invalid);
      await expectAdmitted(one, forges.b.token());
      await expectRefused(one, forged(forges.a, forges.b), invalid);
    }
  });

  it('one key that both publish is two keys: a token is its own issuer’s, and no other’s', async () => {
    const shared = createResourceServer({
      ...options,
      issuer: [names.a, names.b].map((issuer) => ({ issuer, jwks: keysOf(jwkOf('a')) })),
    });
    expect((await expectAdmitted(shared, forges.a.token())).issuer).toBe(names.a);
    expect((await expectAdmitted(shared, forged(forges.b, forges.a))).issuer).toBe(names.b);
    await expectRefused(shared, forges.b.token(), invalid);
  });

  it('a kid that only the other has is unknown', async () => {
    const apart = createResourceServer({
      ...options,
      issuer: [
        { issuer: names.a, jwks: keysOf(jwkOf('a', { kid: 'a' })) },
        { issuer: names.b, jwks: keysOf(jwkOf('b', { kid: 'b' })) },
      ],
    });
    await expectAdmitted(apart, forges.a.token({ header: { kid: 'a' } }));
    await expectRefused(apart, forges.a.token({ header: { kid: 'b' } }), badToken('key_unknown'));
    const ofOther = forges.b.token({ header: { kid: 'b' }, claims: { iss: names.a } });
    await expectRefused(apart, ofOther, badToken('key_unknown'));
  });
});

describe('what one issuer may, another may not', () => {
  const rsaJwk: Members = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' };
  const byRsa = (issuer: string) => makeForge({ issuer, alg: 'RS256', kid: 'rsa', privateKey: rsa.privateKey });
  const apart = (first: object, second: object): ResourceServer =>
    createResourceServer({
      audience,
      issuer: [
        { issuer: names.a, jwks: keysOf(jwkOf('a'), rsaJwk), ...first },
        { issuer: names.b, jwks: keysOf(jwkOf('b'), rsaJwk), ...second },
      ],
    });

  it('[RS-8725-3.1-c] algorithms are each one’s own, though both publish both keys', async () => {
    const one = apart({ algorithms: ['ES256'] }, { algorithms: ['RS256'] });
    await expectAdmitted(one, forges.a.token());
    await expectAdmitted(one, byRsa(names.b).token());
    await expectRefused(one, byRsa(names.a).token(), badToken('algorithm_refused'));
    await expectRefused(one, forges.b.token(), badToken('algorithm_refused'));
  });

  it('[RS-9068-4-f] audiences are each one’s own', async () => {
    const [ours, theirs] = ['https://a.api.example', 'https://b.api.example'];
    const one = apart({ audience: ours }, { audience: theirs });
    for (const [forge, mine, other] of [
      [forges.a, ours, theirs],
      [forges.b, theirs, ours],
    ] as const) {
      await expectAdmitted(one, forge.token({ claims: { aud: mine } }));
      await expectRefused(one, forge.token({ claims: { aud: other } }), badToken('audience_mismatch'));
      await expectRefused(one, forge.token(), badToken('audience_mismatch'));
    }
  });

  it('that the audience of one does not matter says nothing about the other', async () => {
    const one = apart({ audience: null }, {});
    await expectAdmitted(one, forges.a.token({ claims: { aud: 'https://other.example' } }));
    const token = forges.b.token({ claims: { aud: 'https://other.example' } });
    await expectRefused(one, token, badToken('audience_mismatch'));
  });

  it('[RS-9068-4-a] that one predates RFC 9068 says nothing about the other', async () => {
    const one = apart({ tokenProfile: 'jwt' }, {});
    const header = { typ: 'JWT' };
    await expectAdmitted(one, forges.a.token({ header }));
    await expectRefused(one, forges.b.token({ header }), badToken('type_refused'));
  });

  it('where one keeps its scopes says nothing about the other', async () => {
    const one = apart({ scopeClaims: ['permissions'] }, {});
    const claims = { permissions: 'admin' };
    expect((await expectAdmitted(one, forges.a.token({ claims }))).scopes).toEqual(['admin']);
    expect((await expectAdmitted(one, forges.b.token({ claims }))).scopes).toEqual(['read']);
  });
});

describe('two issuers whose keys are fetched', () => {
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

  it('[RS-8725-3.8-a] a token is looked up at the issuer it names, and at no other', async () => {
    const [a, b] = issuers;
    const [forgeA, forgeB] = [await forgeOf(a), await forgeOf(b)];
    await expectRefused(fetching, forged(forgeB, forgeA), badToken('key_unknown'));
    expect([a.requests.count('jwks'), a.requests.count('discovery')]).toEqual([0, 0]);
    expect(b.requests.count('jwks')).toBeGreaterThan(0);
    await expectAdmitted(fetching, forgeA.token());
    await expectAdmitted(fetching, forgeB.token());
    const named = forgeA.token({ header: { kid: forgeB.kid }, claims: { iss: b.issuer } });
    await expectRefused(fetching, named, invalid);
  });

  it('[RS-8725-3.8-a] while one is out of reach, the other’s keys do not stand in for it', async () => {
    const [a, b] = issuers;
    a.faults.discovery('down');
    a.faults.jwks('down');
    const cold = createResourceServer({ issuer: issuers.map(({ issuer }) => issuer), audience });
    const forgeB = await forgeOf(b);
    await expectAdmitted(cold, forgeB.token());
    const decision = await cold.checkToken(forged(await forgeOf(a), forgeB));
    expect([decision.granted, decision.granted || decision.status]).toEqual([
      false,
      unavailable('keys_unavailable').status,
    ]);
    await expectAdmitted(cold, forgeB.token());
    a.faults.clear();
    await cold.close();
  });
});
