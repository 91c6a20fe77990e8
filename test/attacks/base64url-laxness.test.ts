import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { partsOf, segment, signatureOf, signSegments } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Attack: one token in several spellings. Where the signature covers the spelling, it is made over
 * the wrong spelling, so that the spelling is the only fault.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const segments = ['header', 'payload', 'signature'] as const;
type Segment = (typeof segments)[number];

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture();
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const malformed = badToken('token_malformed');

/** A token with one segment respelled. The signature covers the new spelling. */
function respelled(place: Segment, respell: (segment: string) => string): string {
  const { forge } = fixture;
  const { header, payload } = partsOf(forge.token());
  if (place === 'header') return signSegments(respell(header), payload, forge.signer);
  if (place === 'payload') return signSegments(header, respell(payload), forge.signer);
  const token = signSegments(header, payload, forge.signer);
  const { signature } = partsOf(token);
  return `${header}.${payload}.${respell(signature)}`;
}

/**
 * A header or payload whose encoding has unused bits, because its length is not a multiple of
 * three.
 */
function withBitsOver(place: 'header' | 'payload', bitsOver: 2 | 4): string {
  const { forge } = fixture;
  let text = JSON.stringify(place === 'header' ? forge.header() : forge.claims());
  while ((Buffer.byteLength(text) * 8) % 6 !== (bitsOver === 4 ? 2 : 4)) text += ' ';
  return segment(text);
}

/** The same segment with the lowest bit of its last character flipped; lenient decoders drop it. */
function flipLastBit(text: string): string {
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) ^ 1);
}

it('a token in its canonical spelling is accepted', async () => {
  for (const place of segments)
    await expectAccepted(
      fixture.server,
      respelled(place, (text) => text),
    );
});

describe.each(segments)('base64url in the %s', (place) => {
  it.each(['=', '==', '===', '===='])(
    'padding with %s is refused in each segment of a token [RS-7515-2-a]',
    async (padding) => {
      const token = respelled(place, (text) => text + padding);
      // The grammar of credentials allows padding at the very end, the grammar of a JWT nowhere.
      const outcome = place === 'signature' ? malformed : badRequest('credentials_malformed');
      await expectRefused(fixture.server, token, outcome);
      await expectTokenRefused(fixture.server, token, malformed);
    },
  );

  it.each(['+', '/', '~'])(
    'the character %s is refused, though the grammar of credentials allows it [RS-7515-2-a]',
    async (other) => {
      const replaced = respelled(place, (text) => text.slice(0, 4) + other + text.slice(5));
      const inserted = respelled(place, (text) => text.slice(0, 4) + other + text.slice(4));
      const appended = respelled(place, (text) => text + other);
      for (const token of [replaced, inserted, appended]) {
        await expectRefused(fixture.server, token, malformed);
        await expectTokenRefused(fixture.server, token, malformed);
      }
    },
  );

  it.each(rows([' ', '\t', '\n', '\r\n', '?', '%', '%3D', '*', '\u00a0', '\u00e9', '\u200b', '\u0000', '!', ',', '"']))(
    'the character $written is refused at the front, in the middle and at the end [RS-7515-2-a]',
    async ({ value: other }) => {
      for (const at of [0, 4, Number.POSITIVE_INFINITY]) {
        const token = respelled(place, (text) => text.slice(0, at) + other + text.slice(at));
        await expectTokenRefused(fixture.server, token, malformed);
      }
      const inside = respelled(place, (text) => text.slice(0, 4) + other + text.slice(4));
      await expectRefused(fixture.server, inside, badRequest('credentials_malformed'));
    },
  );

  it('a segment length that no number of octets has is refused [RS-7515-2-a]', async () => {
    const { length } = partsOf(fixture.forge.token())[place];
    const missing = (5 - (length % 4)) % 4 || 4;
    for (const surplus of [missing, missing + 4]) {
      const token = respelled(place, (text) => text + 'A'.repeat(surplus));
      expect(partsOf(token)[place].length % 4).toBe(1);
      await expectRefused(fixture.server, token, malformed);
    }
  });
});

describe('unused bits of a base64url segment', () => {
  it.each([
    ['header', 2],
    ['header', 4],
    ['payload', 2],
    ['payload', 4],
  ] as const)('unused bits that are not zero refuse the token: %s, %i bits [RS-7515-2-b]', async (place, bitsOver) => {
    const own = withBitsOver(place, bitsOver);
    const { header, payload } = partsOf(fixture.forge.token());
    const signed = (text: string) =>
      place === 'header'
        ? signSegments(text, payload, fixture.forge.signer)
        : signSegments(header, text, fixture.forge.signer);
    await expectAccepted(fixture.server, signed(own));
    expect(Buffer.from(flipLastBit(own), 'base64url')).toEqual(Buffer.from(own, 'base64url'));
    await expectRefused(fixture.server, signed(flipLastBit(own)), malformed);
  });

  it('unused bits of the signature must be zero, so that a token has no second spelling [RS-7515-2-b]', async () => {
    const token = fixture.forge.token();
    const { header, payload, signature } = partsOf(token);
    for (const bits of Array.from({ length: 15 }, (_, at) => at + 1)) {
      const last = alphabet.charAt(alphabet.indexOf(signature.slice(-1)) | bits);
      const respelling = `${header}.${payload}.${signature.slice(0, -1)}${last}`;
      expect(signatureOf(respelling)).toEqual(signatureOf(token));
      await expectRefused(fixture.server, respelling, malformed);
    }
    await expectAccepted(fixture.server, token);
  });

  it('unused bits that are not zero are refused in every framework [RS-7515-2-b]', async () => {
    await applications.expectRefused(respelled('signature', flipLastBit), malformed);
    await applications.expectRefused(
      respelled('signature', (text) => `${text}==`),
      malformed,
    );
    await applications.expectAccepted(fixture.forge.token());
  });
});

describe('other encodings than base64url', () => {
  /** A token whose signature has both characters that differ between base64 and base64url. */
  function tokenWithBoth(): string {
    for (let tries = 0; tries < 1000; tries++) {
      const token = fixture.forge.token();
      const { signature } = partsOf(token);
      if (signature.includes('-') && signature.includes('_')) return token;
    }
    throw new Error('no token with both characters in its signature was found');
  }

  it('a signature in the standard base64 alphabet is refused [RS-7515-2-a]', async () => {
    const token = tokenWithBoth();
    const { header, payload, signature } = partsOf(token);
    await expectAccepted(fixture.server, token);
    const standard = signature.replaceAll('-', '+').replaceAll('_', '/');
    await expectRefused(fixture.server, `${header}.${payload}.${standard}`, malformed);
    await expectRefused(fixture.server, `${header}.${payload}.${standard}==`, malformed);
  });

  it('a hexadecimal signature is not decoded as hexadecimal, so it is invalid', async () => {
    const token = fixture.forge.token();
    const { header, payload } = partsOf(token);
    const hex = signatureOf(token).toString('hex');
    await expectRefused(fixture.server, `${header}.${payload}.${hex}`, badToken('signature_invalid'));
  });
});

it('a JWT with any octet outside base64url and the dot is refused [RS-8725-3.14-a]', async () => {
  const allowed = new Set(`${alphabet}.`);
  const others = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((one) => !allowed.has(one));
  expect(others).toHaveLength(256 - 65);
  for (const other of others) {
    const token = respelled('payload', (text) => text.slice(0, 8) + other + text.slice(8));
    await expectTokenRefused(fixture.server, token, malformed);
    const inHeader = ['+', '/', '~'].includes(other) ? malformed : badRequest('credentials_malformed');
    await expectRefused(fixture.server, token, inHeader);
  }
});

describe('the decoded header and claims', () => {
  const signed = (header: string | Uint8Array, payload: string | Uint8Array) =>
    signSegments(segment(header), segment(payload), fixture.forge.signer);
  const headerText = () => JSON.stringify(fixture.forge.header());
  const claimsText = () => JSON.stringify(fixture.forge.claims());
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const respellings: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
    'a byte order mark': (text) => `\ufeff${text}`,
    'UTF-16': utf16,
    'UTF-16 with a byte order mark': (text) => utf16(`\ufeff${text}`),
    'a byte that is not UTF-8': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xff"}`, 'latin1'),
    'a cut UTF-8 sequence': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xe2\x82"}`, 'latin1'),
    'an overlong UTF-8 sequence': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xc0\xaf"}`, 'latin1'),
    'a surrogate in UTF-8': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xed\xa0\x80"}`, 'latin1'),
    'a trailing NUL': (text) => `${text}\u0000`,
    'trailing text': (text) => `${text}{}`,
    'a trailing comma': (text) => `${text.slice(0, -1)},}`,
    'a comment': (text) => `${text}/**/`,
    'a no-break space in front': (text) => `\u00a0${text}`,
    'single quotes': (text) => text.replaceAll('"', "'"),
    'a list around it': (text) => `[${text}]`,
    'quotes around it': (text) => JSON.stringify(text),
    'base64url of base64url': (text) => segment(text),
  };
  const instead = ['', ' ', '[]', '1', 'null', 'true', '"x"', 'hello', '{', '\u0000', 'undefined', 'NaN'];

  it.each(Object.entries(respellings).map(([name, respell]) => ({ name, respell })))(
    'a header or claims set that is not plain JSON in UTF-8 is refused: $name [RS-8725-3.7-a] [RS-7515-5.2-a] [RS-7519-7.2-a]',
    async ({ respell }) => {
      await expectRefused(fixture.server, signed(respell(headerText()), claimsText()), malformed);
      await expectRefused(fixture.server, signed(headerText(), respell(claimsText())), malformed);
    },
  );

  it.each(rows(instead))('a header that is $written, not an object, is refused [RS-7515-5.2-a]', async ({ value }) => {
    await expectRefused(fixture.server, signed(value, claimsText()), malformed);
  });

  it.each(rows(instead))(
    'a claims set that is $written, not an object, is refused [RS-7519-7.2-a] [RS-7515-10-a]',
    async ({ value }) => {
      await expectRefused(fixture.server, signed(headerText(), value), malformed);
    },
  );

  it('JSON whitespace, escapes and all of Unicode are accepted in header and claims', async () => {
    const claims = JSON.stringify(fixture.forge.claims({ name: 'Zoë 🦊', note: '\u0000\u2028' }), null, '\t');
    await expectAccepted(fixture.server, signed(`\r\n ${headerText()} `, `${claims}\n`));
  });
});
