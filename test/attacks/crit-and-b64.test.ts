import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonWith, type Members, partsOf, segment, signCompact } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { coldServerOf, type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Attack: header parameters that change how the token is processed. The issuer signed every token
 * here correctly, so only the header is the reason for the refusal.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const malformed = badToken('token_malformed');

const critical: readonly { readonly id: string; readonly header: Members }[] = [
  { id: '[RS-7515-4.1.11-a]', header: { crit: ['exp2'], exp2: 1 } },
  { id: '[RS-7515-4.1.11-a]', header: { crit: ['https://as.example/ext'], 'https://as.example/ext': {} } },
  { id: '[RS-7515-4.1.11-a]', header: { crit: ['b64', 'exp2'], b64: true, exp2: 1 } },
  { id: '[RS-7515-4.1.11-b]', header: { crit: [] } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: ['x'] } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: ['x', 'x'], x: 1 } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: ['iss'] } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: ['__proto__'] } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: ['toString'] } },
  { id: '[RS-7515-4.1.11-c]', header: { crit: [''] } },
  { id: '[RS-7515-4.1.11-d]', header: { crit: ['alg'] } },
  { id: '[RS-7515-4.1.11-d]', header: { crit: ['kid', 'typ'] } },
  { id: '[RS-7515-4.1.11-d]', header: { crit: ['crit'] } },
  ...[
    'b64',
    '',
    null,
    true,
    false,
    0,
    1,
    {},
    { b64: true },
    [1],
    [null],
    [['b64']],
    [{ name: 'b64' }],
    ['b64', 1],
    { 0: 'b64', length: 1 },
  ].map((crit) => ({ id: '[RS-7515-4.1.11-e]', header: { crit, b64: true } })),
];

describe('the header parameter crit', () => {
  it('a token without crit is accepted', async () => {
    await expectAccepted(fixture.server, fixture.forge.token());
  });

  it.each(critical.map(({ id, header }) => ({ id, header, written: JSON.stringify(header) })))(
    'a token with this crit is refused: $written $id',
    async ({ header }) => {
      await expectRefused(fixture.server, fixture.forge.token({ header }), malformed);
    },
  );

  it.each(['\\u0063rit', 'cri\\u0074', '\\u0063\\u0072\\u0069\\u0074'])(
    'crit refuses the token in any spelling of its name: %s [RS-7515-4.1.11-a]',
    async (name) => {
      const header = jsonWith(fixture.forge.header({ exp2: 1 }), name, '["exp2"]');
      await expectRefused(fixture.server, signCompact(header, fixture.forge.claims(), fixture.forge.signer), malformed);
    },
  );

  it('crit refuses the token before any key is fetched [RS-7515-4.1.11-a]', async () => {
    const server = coldServerOf(fixture.issuer);
    fixture.issuer.requests.reset();
    await expectRefused(server, fixture.forge.token({ header: { crit: ['exp2'], exp2: 1 } }), malformed);
    expect([fixture.issuer.requests.count('discovery'), fixture.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it('crit refuses the token in every framework [RS-7515-4.1.11-a]', async () => {
    await applications.expectRefused(fixture.forge.token({ header: { crit: ['exp2'], exp2: 1 } }), malformed);
    await applications.expectRefused(fixture.forge.token({ header: { crit: ['b64'], b64: false } }), malformed);
    await applications.expectAccepted(fixture.forge.token());
  });

  it('unknown header parameters that are not critical are ignored [RS-7515-4-b]', async () => {
    for (const header of [{ exp2: 1 }, { foo: { bar: [null] } }, { Crit: ['x'] }, { CRIT: [] }, { 'crit ': ['x'] }]) {
      await expectAccepted(fixture.server, fixture.forge.token({ header }));
    }
  });

  it('a claim named crit is an ordinary claim [RS-7519-4-b]', async () => {
    await expectAccepted(fixture.server, fixture.forge.token({ claims: { crit: ['exp2'], b64: false } }));
  });
});

describe('the header parameter b64', () => {
  it.each(rows<unknown>([false, true, 'false', 0, null, []]))(
    'b64 with the value $written refuses the token, with crit and without [RS-7797-7-a]',
    async ({ value: b64 }) => {
      const { forge, server } = fixture;
      await expectRefused(server, forge.token({ header: { b64, crit: ['b64'] } }), malformed);
      await expectRefused(server, forge.token({ header: { b64 } }), malformed);
    },
  );

  it('an unencoded payload is refused [RS-7797-7-a]', async () => {
    const { forge, server } = fixture;
    const header = segment(forge.header({ b64: false, crit: ['b64'] }));
    const payload = JSON.stringify(forge.claims());
    const signature = segment(forge.signer(`${header}.${payload}`));
    const token = `${header}.${payload}.${signature}`;
    await expectRefused(server, token, badRequest('credentials_malformed'));
    await expectTokenRefused(server, token, malformed);
  });

  it('a detached payload is refused [RS-7797-7-a]', async () => {
    const { forge, server } = fixture;
    for (const changes of [{}, { b64: false, crit: ['b64'] }]) {
      const { header, signature } = partsOf(forge.token({ header: changes }));
      await expectRefused(server, `${header}..${signature}`, malformed);
    }
  });

  it('a payload that can be read both encoded and unencoded is refused [RS-7797-7-a]', async () => {
    const { forge, server } = fixture;
    const header = segment(forge.header({ b64: false, crit: ['b64'] }));
    // The same octets have two readings: a verifier that supports b64 takes them unencoded, one
    // that ignores b64 decodes them.
    const payload = segment(forge.claims({ scope: 'admin' }));
    const token = `${header}.${payload}.${segment(forge.signer(`${header}.${payload}`))}`;
    await expectRefused(server, token, malformed);
  });
});
