import { ConfigurationError, createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { nowSeconds } from './support/forge.js';
import { jsonWith, type Members, signCompact, without } from './support/jws-builder.js';
import { type Arena, jwksOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Dates that compare as nobody meant: a string, NaN, infinity and milliseconds all make a token
 * that never ends, in some language or other.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const claimMalformed = badToken('claim_malformed');
const profiles = ['rfc9068', 'jwt'] as const;
const dates = ['exp', 'nbf', 'iat'] as const;

function serverFor(tokenProfile: (typeof profiles)[number]): ResourceServer {
  return createResourceServer({
    issuer: { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer), tokenProfile },
    audience,
  });
}

/** A token whose `name` is this JSON text. */
function withRaw(name: string, raw: string, changes: Members = {}): string {
  const { forge } = arena;
  return signCompact(forge.header(), jsonWith(without(forge.claims(changes), name), name, raw), forge.signer);
}

const later = 1_999_999_999;
/** JSON values that are no NumericDate (RFC 7519 section 2), or none that anybody means. */
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
/** What other notations take for a number and JSON does not. */
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

describe.each(profiles)('profile %s', (profile) => {
  describe.each(dates)('%s', (name) => {
    it.each(noDates)('[RS-7519-2-a] [RS-7519-2-b] is a number of seconds, and not %s', async (raw) => {
      await expectRefused(serverFor(profile), withRaw(name, raw), claimMalformed);
    });

    it.each(noNumbers)('[RS-7519-2-a] is a number of JSON, and not %s', async (raw) => {
      await expectRefused(serverFor(profile), withRaw(name, raw), badToken('token_malformed'));
    });
  });

  it.each(['1999999999', '1999999999.5', '1.999999999e9', '1999999999.0', '19999999990e-1', '99999999999'])(
    '[RS-7519-2-a] an exp of %s is a date',
    async (raw) => {
      await expectAdmitted(serverFor(profile), withRaw('exp', raw));
    },
  );

  it.each(['0', '-0', '0.0', '1e-400', '1', '1e3'])('an exp of %s is a date, and long past', async (raw) => {
    await expectRefused(serverFor(profile), withRaw('exp', raw), badToken('token_expired'));
  });

  it.each(['0', '-0', '1.5', '1e9', '1e-400'])('an nbf and an iat of %s are dates, and past', async (raw) => {
    await expectAdmitted(serverFor(profile), withRaw('nbf', raw));
    await expectAdmitted(serverFor(profile), withRaw('iat', raw));
  });

  it.each(['nbf', 'iat'])('[RS-7519-4.1.6-a] an %s in the future is not yet', async (name) => {
    const token = withRaw(name, String(nowSeconds() + 3600), { exp: nowSeconds() + 7200 });
    await expectRefused(serverFor(profile), token, badToken('token_not_yet_valid'));
  });

  it('a token without exp has no end, and is refused', async () => {
    const token = arena.forge.token({ claims: { exp: undefined } });
    await expectRefused(serverFor(profile), token, badToken('claim_missing'));
  });
});

describe('in every framework', () => {
  it.each(['1e999', '"1999999999"', '1999999999000'])('[RS-7519-2-b] an exp of %s refuses the token', async (raw) => {
    await applications.expectRefused(withRaw('exp', raw), claimMalformed);
    await applications.expectAdmitted(withRaw('exp', '1999999999'));
  });
});

describe('at the second itself', () => {
  const noon = 1_900_000_000;
  const at = (seconds: number, clockToleranceSeconds: number): ResourceServer =>
    createResourceServer({
      issuer: { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer) },
      audience,
      clockToleranceSeconds,
      clock: { now: () => seconds * 1000, monotonic: () => 0 },
    });

  it.each([0, 30, 120])(
    '[RS-7519-4.1.4-a] [RS-9068-4-h] a token ends at exp and not after it, with a tolerance of %i s',
    async (tolerance) => {
      const token = arena.forge.token({ claims: { iat: noon - 60, exp: noon } });
      await expectAdmitted(at(noon + tolerance - 1, tolerance), token);
      await expectAdmitted(at(noon + tolerance - 0.001, tolerance), token);
      await expectRefused(at(noon + tolerance, tolerance), token, badToken('token_expired'));
      await expectRefused(at(noon + tolerance + 1, tolerance), token, badToken('token_expired'));
    },
  );

  it('[RS-7519-4.1.4-a] the fraction of an exp counts', async () => {
    const token = arena.forge.token({ claims: { iat: noon - 60, exp: noon + 0.5 } });
    await expectAdmitted(at(noon + 0.25, 0), token);
    await expectRefused(at(noon + 0.5, 0), token, badToken('token_expired'));
  });

  it.each([0, 30])(
    '[RS-7519-4.1.5-a] a token begins at nbf and not before it, with a tolerance of %i s',
    async (tolerance) => {
      const token = arena.forge.token({ claims: { iat: noon - 3600, nbf: noon, exp: noon + 3600 } });
      await expectRefused(at(noon - tolerance - 1, tolerance), token, badToken('token_not_yet_valid'));
      await expectAdmitted(at(noon - tolerance, tolerance), token);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a clock that shows %s admits nobody', async (now) => {
    const token = arena.forge.token({ claims: { iat: noon - 60, exp: 99_999_999_999 } });
    await expectAdmitted(at(noon, 0), token);
    await expectRefused(at(now, 0), token, badToken('token_expired'));
  });

  it('[RS-7519-4.1.4-b] a tolerance of more than minutes cannot be configured', () => {
    for (const tolerance of [121, 300, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
      expect(() => at(noon, tolerance)).toThrow(ConfigurationError);
    }
  });
});
