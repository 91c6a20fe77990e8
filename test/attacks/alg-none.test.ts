import { ConfigurationError, createResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { compact, type Members, partsOf, signatureOf } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Arena, coldServerOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * A token that says it needs no signature, in every spelling that somebody's comparison once let pass.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const spellings = ['none', 'None', 'NONE', 'nOnE', 'noNE', 'nonE'];
/** Not `none`, but what becomes it by trimming, cutting, normalising or folding. */
const disguises = [
  'none ',
  ' none',
  '\tnone',
  'none\n',
  'none\u0000',
  'none\u0000ES256',
  'ｎｏｎｅ',
  'nοne',
  'no\u200bne',
  'n\u006f\u0308ne',
  'ES256,none',
  'none;ES256',
  '"none"',
  'null',
  'undefined',
  'false',
  '',
];

/** The claims of a good token under a header of `alg`, with whatever signature. */
function unsigned(alg: unknown, signature: string | Uint8Array = ''): string {
  return compact(arena.forge.header({ alg }), arena.forge.claims(), signature);
}

describe('alg none', () => {
  it('a token that is signed is admitted', async () => {
    await expectAdmitted(arena.server, arena.forge.token());
    await applications.expectAdmitted(arena.forge.token());
  });

  it.each(spellings)('[RS-7518-3.6-a] [RS-7519-6-a] %s is refused without a signature and with any', async (alg) => {
    const signed = arena.forge.token({ header: { alg } });
    for (const token of [unsigned(alg), unsigned(alg, 'signature'), unsigned(alg, Buffer.alloc(64)), signed]) {
      await expectRefused(arena.server, token, badToken('algorithm_refused'));
      await expectTokenRefused(arena.server, token, badToken('algorithm_refused'));
    }
  });

  it.each(spellings.slice(0, 2))('[RS-7518-3.6-a] %s is refused in every framework', async (alg) => {
    await applications.expectRefused(unsigned(alg), badToken('algorithm_refused'));
  });

  it.each(disguises)('[RS-8725-3.1-e] %j is no algorithm', async (alg) => {
    await expectRefused(arena.server, unsigned(alg), badToken('algorithm_refused'));
    await expectRefused(arena.server, arena.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('[RS-7515-4.1.1-a] the algorithm is compared by case and to its end', async () => {
    for (const alg of ['es256', 'Es256', 'ES256 ', ' ES256', 'ES256\u0000', 'ES-256', 'ES256K', 'noNE', 'Rs256']) {
      await expectRefused(arena.server, arena.forge.token({ header: { alg } }), badToken('algorithm_refused'));
    }
  });

  it.each(rows<unknown>([undefined, null, 1, 0, true, false, [], ['ES256'], ['none'], {}, { toString: 'ES256' }]))(
    '[RS-7515-4.1.1-a] alg is a string, and not $written',
    async ({ value: alg }) => {
      await expectRefused(arena.server, unsigned(alg), badToken('token_malformed'));
      await expectRefused(arena.server, arena.forge.token({ header: { alg } }), badToken('token_malformed'));
    },
  );

  it.each(['header', 'payload'])('an alg that the %s inherits from its own __proto__ is none at all', async (part) => {
    const inherited: Members = JSON.parse('{"__proto__":{"alg":"ES256"}}');
    const header = part === 'header' ? inherited : {};
    const payload = { ...arena.forge.claims(), ...(part === 'payload' && inherited) };
    await expectRefused(arena.server, compact(header, payload, ''), badToken('token_malformed'));
  });

  it('neither costs a request to the issuer', async () => {
    const server = coldServerOf(arena.issuer);
    arena.issuer.requests.reset();
    for (const alg of spellings) await expectRefused(server, unsigned(alg), badToken('algorithm_refused'));
    expect([arena.issuer.requests.count('discovery'), arena.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await expectAdmitted(server, arena.forge.token());
    await server.close();
  });

  it.each(['none', 'None', ''])('[RS-7518-3.6-a] [RS-8725-3.1-a] %j is no algorithm to configure', (alg) => {
    const configure = () =>
      createResourceServer({
        // @ts-expect-error the type does not know it either
        issuer: { issuer: 'https://as.example', algorithms: ['ES256', alg] },
        audience,
      });
    expect(configure).toThrow(ConfigurationError);
  });

  it('[RS-8725-3.1-a] no list of algorithms is empty', () => {
    const issuer = { issuer: 'https://as.example', algorithms: [] };
    expect(() => createResourceServer({ issuer, audience })).toThrow(ConfigurationError);
  });
});

describe('a signature that was taken off', () => {
  it('leaves a token without a signature, and no other algorithm is tried', async () => {
    const { header, payload } = partsOf(arena.forge.token());
    await expectRefused(arena.server, `${header}.${payload}.`, badToken('signature_invalid'));
    await applications.expectRefused(`${header}.${payload}.`, badToken('signature_invalid'));
  });

  it('leaves no token when its dot is gone too', async () => {
    const { header, payload } = partsOf(arena.forge.token());
    await expectRefused(arena.server, `${header}.${payload}`, badToken('token_opaque'));
  });

  it('does not fit another token', async () => {
    const { forge, server } = arena;
    const elevated = compact(forge.header(), forge.claims({ scope: 'admin' }), signatureOf(forge.token()));
    await expectRefused(server, elevated, badToken('signature_invalid'));
  });
});
