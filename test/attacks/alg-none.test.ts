import { ConfigurationError, createResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { compact, type Members, partsOf, signatureOf } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { coldServerOf, type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Attack: a token without a signature, by `alg: none` in every spelling that a comparison ever
 * accepted.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const spellings = ['none', 'None', 'NONE', 'nOnE', 'noNE', 'nonE'];
/** Values that become `none` by trimming, truncation, normalisation or case folding. */
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

/** The claims of a valid token under a header with `alg`, and with this signature. */
function unsigned(alg: unknown, signature: string | Uint8Array = ''): string {
  return compact(fixture.forge.header({ alg }), fixture.forge.claims(), signature);
}

describe('alg none', () => {
  it('a correctly signed token is accepted', async () => {
    await expectAccepted(fixture.server, fixture.forge.token());
    await applications.expectAccepted(fixture.forge.token());
  });

  it.each(spellings)(
    'a token with alg %s is refused, without a signature and with one [RS-7518-3.6-a] [RS-7519-6-a]',
    async (alg) => {
      const signed = fixture.forge.token({ header: { alg } });
      for (const token of [unsigned(alg), unsigned(alg, 'signature'), unsigned(alg, Buffer.alloc(64)), signed]) {
        await expectRefused(fixture.server, token, badToken('algorithm_refused'));
        await expectTokenRefused(fixture.server, token, badToken('algorithm_refused'));
      }
    },
  );

  it.each(spellings.slice(0, 2))('a token with alg %s is refused in every framework [RS-7518-3.6-a]', async (alg) => {
    await applications.expectRefused(unsigned(alg), badToken('algorithm_refused'));
  });

  it.each(disguises)('a token with alg %j is refused [RS-8725-3.1-e]', async (alg) => {
    await expectRefused(fixture.server, unsigned(alg), badToken('algorithm_refused'));
    await expectRefused(fixture.server, fixture.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('a token whose alg differs from ES256 in case or by added characters is refused [RS-7515-4.1.1-a]', async () => {
    for (const alg of ['es256', 'Es256', 'ES256 ', ' ES256', 'ES256\u0000', 'ES-256', 'ES256K', 'noNE', 'Rs256']) {
      await expectRefused(fixture.server, fixture.forge.token({ header: { alg } }), badToken('algorithm_refused'));
    }
  });

  it.each(rows<unknown>([undefined, null, 1, 0, true, false, [], ['ES256'], ['none'], {}, { toString: 'ES256' }]))(
    'a token whose alg is $written, not a string, is refused [RS-7515-4.1.1-a]',
    async ({ value: alg }) => {
      await expectRefused(fixture.server, unsigned(alg), badToken('token_malformed'));
      await expectRefused(fixture.server, fixture.forge.token({ header: { alg } }), badToken('token_malformed'));
    },
  );

  it.each(['header', 'payload'])(
    'an alg that the %s would inherit from a member named __proto__ does not count',
    async (part) => {
      const inherited: Members = JSON.parse('{"__proto__":{"alg":"ES256"}}');
      const header = part === 'header' ? inherited : {};
      const payload = { ...fixture.forge.claims(), ...(part === 'payload' && inherited) };
      await expectRefused(fixture.server, compact(header, payload, ''), badToken('token_malformed'));
    },
  );

  it('a token with alg none causes no request to the issuer', async () => {
    const server = coldServerOf(fixture.issuer);
    fixture.issuer.requests.reset();
    for (const alg of spellings) await expectRefused(server, unsigned(alg), badToken('algorithm_refused'));
    expect([fixture.issuer.requests.count('discovery'), fixture.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await expectAccepted(server, fixture.forge.token());
    await server.close();
  });

  it.each(['none', 'None', ''])('the option algorithms rejects %j [RS-7518-3.6-a] [RS-8725-3.1-a]', (alg) => {
    const configure = () =>
      createResourceServer({
        // @ts-expect-error the type excludes these values too
        issuer: { issuer: 'https://as.example', algorithms: ['ES256', alg] },
        audience,
      });
    expect(configure).toThrow(ConfigurationError);
  });

  it('the option algorithms rejects an empty list [RS-8725-3.1-a]', () => {
    const issuer = { issuer: 'https://as.example', algorithms: [] };
    expect(() => createResourceServer({ issuer, audience })).toThrow(ConfigurationError);
  });
});

describe('a removed or copied signature', () => {
  it('a token with an empty signature is refused, without trying another algorithm', async () => {
    const { header, payload } = partsOf(fixture.forge.token());
    await expectRefused(fixture.server, `${header}.${payload}.`, badToken('signature_invalid'));
    await applications.expectRefused(`${header}.${payload}.`, badToken('signature_invalid'));
  });

  it('a token without the second dot and the signature is refused as opaque', async () => {
    const { header, payload } = partsOf(fixture.forge.token());
    await expectRefused(fixture.server, `${header}.${payload}`, badToken('token_opaque'));
  });

  it('a signature of one token does not verify for another token', async () => {
    const { forge, server } = fixture;
    const elevated = compact(forge.header(), forge.claims({ scope: 'admin' }), signatureOf(forge.token()));
    await expectRefused(server, elevated, badToken('signature_invalid'));
  });
});
