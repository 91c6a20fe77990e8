import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { jsonWith, type Members, partsOf, segment, signCompact } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Arena, coldServerOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Headers that change how the rest is read. Every token here is rightly signed by the issuer: only
 * the header refuses it.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

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

describe('crit', () => {
  it('a token without it is admitted', async () => {
    await expectAdmitted(arena.server, arena.forge.token());
  });

  it.each(critical.map(({ id, header }) => ({ id, header, written: JSON.stringify(header) })))(
    '$id refuses the token: $written',
    async ({ header }) => {
      await expectRefused(arena.server, arena.forge.token({ header }), malformed);
    },
  );

  it.each(['\\u0063rit', 'cri\\u0074', '\\u0063\\u0072\\u0069\\u0074'])(
    '[RS-7515-4.1.11-a] refuses the token however its name is written: %s',
    async (name) => {
      const header = jsonWith(arena.forge.header({ exp2: 1 }), name, '["exp2"]');
      await expectRefused(arena.server, signCompact(header, arena.forge.claims(), arena.forge.signer), malformed);
    },
  );

  it('[RS-7515-4.1.11-a] refuses the token before any key is fetched', async () => {
    const server = coldServerOf(arena.issuer);
    arena.issuer.requests.reset();
    await expectRefused(server, arena.forge.token({ header: { crit: ['exp2'], exp2: 1 } }), malformed);
    expect([arena.issuer.requests.count('discovery'), arena.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it('[RS-7515-4.1.11-a] refuses the token in every framework', async () => {
    await applications.expectRefused(arena.forge.token({ header: { crit: ['exp2'], exp2: 1 } }), malformed);
    await applications.expectRefused(arena.forge.token({ header: { crit: ['b64'], b64: false } }), malformed);
    await applications.expectAdmitted(arena.forge.token());
  });

  it('[RS-7515-4-b] what nobody calls critical, and nobody understands, is passed over', async () => {
    for (const header of [{ exp2: 1 }, { foo: { bar: [null] } }, { Crit: ['x'] }, { CRIT: [] }, { 'crit ': ['x'] }]) {
      await expectAdmitted(arena.server, arena.forge.token({ header }));
    }
  });

  it('[RS-7519-4-b] as a claim it is a claim like any other', async () => {
    await expectAdmitted(arena.server, arena.forge.token({ claims: { crit: ['exp2'], b64: false } }));
  });
});

describe('b64', () => {
  it.each(rows<unknown>([false, true, 'false', 0, null, []]))(
    '[RS-7797-7-a] being $written refuses the token, with crit and without',
    async ({ value: b64 }) => {
      const { forge, server } = arena;
      await expectRefused(server, forge.token({ header: { b64, crit: ['b64'] } }), malformed);
      await expectRefused(server, forge.token({ header: { b64 } }), malformed);
    },
  );

  it('[RS-7797-7-a] a payload that is not encoded is none', async () => {
    const { forge, server } = arena;
    const header = segment(forge.header({ b64: false, crit: ['b64'] }));
    const payload = JSON.stringify(forge.claims());
    const signature = segment(forge.signer(`${header}.${payload}`));
    const token = `${header}.${payload}.${signature}`;
    await expectRefused(server, token, badRequest('credentials_malformed'));
    await expectTokenRefused(server, token, malformed);
  });

  it('[RS-7797-7-a] a payload that is elsewhere is none', async () => {
    const { forge, server } = arena;
    for (const changes of [{}, { b64: false, crit: ['b64'] }]) {
      const { header, signature } = partsOf(forge.token({ header: changes }));
      await expectRefused(server, `${header}..${signature}`, malformed);
    }
  });

  it('[RS-7797-7-a] a payload that is one text encoded and another unencoded is not read either way', async () => {
    const { forge, server } = arena;
    const header = segment(forge.header({ b64: false, crit: ['b64'] }));
    // The very same octets: signed as they stand, and decoded by who does not heed b64.
    const payload = segment(forge.claims({ scope: 'admin' }));
    const token = `${header}.${payload}.${segment(forge.signer(`${header}.${payload}`))}`;
    await expectRefused(server, token, malformed);
  });
});
