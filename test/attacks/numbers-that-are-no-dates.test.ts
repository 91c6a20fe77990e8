import { ConfigurationError, createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { nowSeconds } from './support/forge.js';
import { jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { type Fixture, jwksOf, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: dates that some language compares wrongly. A string, NaN, infinity and milliseconds can
 * each make a token that never expires.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const claimMalformed = badToken('claim_malformed');
const profiles = ['rfc9068', 'jwt'] as const;
const dates = ['exp', 'nbf', 'iat'] as const;

function serverFor(tokenProfile: (typeof profiles)[number]): ResourceServer {
  return createResourceServer({
    issuer: { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer), tokenProfile },
    audience,
  });
}

/** A token whose claim `name` has this JSON text as its value. */
function withRaw(name: string, raw: string, changes: Members = {}): string {
  const { forge } = fixture;
  return signCompact(forge.header(), jsonWith(without(forge.claims(changes), name), name, raw), forge.signer);
}

const later = 1_999_999_999;
/** JSON values that are not a NumericDate (RFC 7519 section 2), or outside any plausible range. */
const noDates = [
  `"${later}"`,
  `"${later}.5"`,
  '""',
  '"never"',
  '"Infinity"',
  '"2033-05-18T03:33:19Z"',
  'null',
  'true',
  'false',
  '{}',
  `{"valueOf":${later}}`,
  `{"$date":${later}}`,
  '[]',
  `[${later}]`,
  `[[${later}]]`,
  '-1',
  '-0.5',
  `-${later}`,
  '1e400',
  '1e999',
  '-1e400',
  '1e308',
  '1e21',
  '9007199254740993',
  '18446744073709551616',
  `${later}000`,
  '100000000000',
];
/** Texts that other notations accept as a number and JSON does not. */
const noNumbers = [
  'NaN',
  'Infinity',
  '-Infinity',
  '0x7735940F',
  `0${later}`,
  `+${later}`,
  `${later}n`,
  `${later}L`,
  '1_999_999_999',
  '.5',
  '1.',
  '1e',
  'undefined',
  `'${later}'`,
  `new Date(${later})`,
  '１９９９９９９９９９',
];

describe.each(profiles)('dates in the profile %s', (profile) => {
  describe.each(dates)('the date %s', (name) => {
    it.each(noDates)(`${name} is refused with the value %s [RS-7519-2-a] [RS-7519-2-b]`, async (raw) => {
      await expectRefused(serverFor(profile), withRaw(name, raw), claimMalformed);
    });

    it.each(noNumbers)(`${name} is refused with the invalid JSON %s [RS-7519-2-a]`, async (raw) => {
      await expectRefused(serverFor(profile), withRaw(name, raw), badToken('token_malformed'));
    });
  });

  it.each(['1999999999', '1999999999.5', '1.999999999e9', '1999999999.0', '19999999990e-1', '99999999999'])(
    'an exp of %s is a valid date [RS-7519-2-a]',
    async (raw) => {
      await expectAccepted(serverFor(profile), withRaw('exp', raw));
    },
  );

  it.each(['0', '-0', '0.0', '1e-400', '1', '1e3'])('an exp of %s is a valid date in the past', async (raw) => {
    await expectRefused(serverFor(profile), withRaw('exp', raw), badToken('token_expired'));
  });

  it.each(['0', '-0', '1.5', '1e9', '1e-400'])('an nbf and an iat of %s are valid dates in the past', async (raw) => {
    await expectAccepted(serverFor(profile), withRaw('nbf', raw));
    await expectAccepted(serverFor(profile), withRaw('iat', raw));
  });

  it.each(['nbf', 'iat'])('a token with an %s in the future is not yet valid [RS-7519-4.1.6-a]', async (name) => {
    const token = withRaw(name, String(nowSeconds() + 3600), { exp: nowSeconds() + 7200 });
    await expectRefused(serverFor(profile), token, badToken('token_not_yet_valid'));
  });

  it('a token without exp is refused', async () => {
    const token = fixture.forge.token({ claims: { exp: undefined } });
    await expectRefused(serverFor(profile), token, badToken('claim_missing'));
  });
});

describe('dates in every framework', () => {
  it.each(['1e999', '"1999999999"', '1999999999000'])(
    'an exp of %s is refused in every framework [RS-7519-2-b]',
    async (raw) => {
      await applications.expectRefused(withRaw('exp', raw), claimMalformed);
      await applications.expectAccepted(withRaw('exp', '1999999999'));
    },
  );
});

describe('the boundaries of validity', () => {
  const noon = 1_900_000_000;
  const at = (seconds: number, clockToleranceSeconds: number): ResourceServer =>
    createResourceServer({
      issuer: { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer) },
      audience,
      clockToleranceSeconds,
      clock: { now: () => seconds * 1000, monotonic: () => 0 },
    });

  it.each([0, 30, 120])(
    'a token expires exactly at exp, with a tolerance of %i s [RS-7519-4.1.4-a] [RS-9068-4-h]',
    async (tolerance) => {
      const token = fixture.forge.token({ claims: { iat: noon - 60, exp: noon } });
      await expectAccepted(at(noon + tolerance - 1, tolerance), token);
      await expectAccepted(at(noon + tolerance - 0.001, tolerance), token);
      await expectRefused(at(noon + tolerance, tolerance), token, badToken('token_expired'));
      await expectRefused(at(noon + tolerance + 1, tolerance), token, badToken('token_expired'));
    },
  );

  it('the fraction of an exp counts [RS-7519-4.1.4-a]', async () => {
    const token = fixture.forge.token({ claims: { iat: noon - 60, exp: noon + 0.5 } });
    await expectAccepted(at(noon + 0.25, 0), token);
    await expectRefused(at(noon + 0.5, 0), token, badToken('token_expired'));
  });

  it.each([0, 30])(
    'a token becomes valid exactly at nbf, with a tolerance of %i s [RS-7519-4.1.5-a]',
    async (tolerance) => {
      const token = fixture.forge.token({ claims: { iat: noon - 3600, nbf: noon, exp: noon + 3600 } });
      await expectRefused(at(noon - tolerance - 1, tolerance), token, badToken('token_not_yet_valid'));
      await expectAccepted(at(noon - tolerance, tolerance), token);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'with a clock that returns %s every token is refused',
    async (now) => {
      const token = fixture.forge.token({ claims: { iat: noon - 60, exp: 99_999_999_999 } });
      await expectAccepted(at(noon, 0), token);
      await expectRefused(at(now, 0), token, badToken('token_expired'));
    },
  );

  it('a clock tolerance above two minutes is rejected [RS-7519-4.1.4-b]', () => {
    for (const tolerance of [121, 300, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
      expect(() => at(noon, tolerance)).toThrow(ConfigurationError);
    }
  });
});
