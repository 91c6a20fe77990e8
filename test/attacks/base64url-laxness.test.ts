import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { partsOf, segment, signatureOf, signSegments } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Arena, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * One token in several spellings. Where the signature covers the spelling, it is made over the bad
 * one: only the spelling is wrong.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const places = ['header', 'payload', 'signature'] as const;
type Place = (typeof places)[number];

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena();
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const malformed = badToken('token_malformed');

/** A token one segment of which is respelled, the signature over what stands there. */
function respelled(place: Place, respell: (segment: string) => string): string {
  const { forge } = arena;
  const { header, payload } = partsOf(forge.token());
  if (place === 'header') return signSegments(respell(header), payload, forge.signer);
  if (place === 'payload') return signSegments(header, respell(payload), forge.signer);
  const token = signSegments(header, payload, forge.signer);
  const { signature } = partsOf(token);
  return `${header}.${payload}.${respell(signature)}`;
}

/** A header or payload text whose encoding leaves bits over: its length is no multiple of three. */
function withBitsOver(place: 'header' | 'payload', bitsOver: 2 | 4): string {
  const { forge } = arena;
  let text = JSON.stringify(place === 'header' ? forge.header() : forge.claims());
  while ((Buffer.byteLength(text) * 8) % 6 !== (bitsOver === 4 ? 2 : 4)) text += ' ';
  return segment(text);
}

/** The same segment with the lowest bit of its last character turned over, which sloppy decoders drop. */
function turnedLastBit(text: string): string {
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) ^ 1);
}

it('the one spelling of a token is admitted', async () => {
  for (const place of places)
    await expectAdmitted(
      arena.server,
      respelled(place, (text) => text),
    );
});

describe.each(places)('in the %s', (place) => {
  it.each(['=', '==', '===', '===='])('[RS-7515-2-a] padding with %s is refused', async (padding) => {
    const token = respelled(place, (text) => text + padding);
    // The grammar of credentials allows it at the very end, that of a JWT nowhere.
    const outcome = place === 'signature' ? malformed : badRequest('credentials_malformed');
    await expectRefused(arena.server, token, outcome);
    await expectTokenRefused(arena.server, token, malformed);
  });

  it.each(['+', '/', '~'])('[RS-7515-2-a] a %s is refused, though a credential may have it', async (other) => {
    const replaced = respelled(place, (text) => text.slice(0, 4) + other + text.slice(5));
    const inserted = respelled(place, (text) => text.slice(0, 4) + other + text.slice(4));
    const appended = respelled(place, (text) => text + other);
    for (const token of [replaced, inserted, appended]) {
      await expectRefused(arena.server, token, malformed);
      await expectTokenRefused(arena.server, token, malformed);
    }
  });

  it.each(rows([' ', '\t', '\n', '\r\n', '?', '%', '%3D', '*', '\u00a0', '\u00e9', '\u200b', '\u0000', '!', ',', '"']))(
    '[RS-7515-2-a] a $written is refused, at the front, in the middle and at the end',
    async ({ value: other }) => {
      for (const at of [0, 4, Number.POSITIVE_INFINITY]) {
        const token = respelled(place, (text) => text.slice(0, at) + other + text.slice(at));
        await expectTokenRefused(arena.server, token, malformed);
      }
      const inside = respelled(place, (text) => text.slice(0, 4) + other + text.slice(4));
      await expectRefused(arena.server, inside, badRequest('credentials_malformed'));
    },
  );

  it('[RS-7515-2-a] a length that no octets have is refused', async () => {
    const { length } = partsOf(arena.forge.token())[place];
    const missing = (5 - (length % 4)) % 4 || 4;
    for (const surplus of [missing, missing + 4]) {
      const token = respelled(place, (text) => text + 'A'.repeat(surplus));
      expect(partsOf(token)[place].length % 4).toBe(1);
      await expectRefused(arena.server, token, malformed);
    }
  });
});

describe('bits that decoding drops', () => {
  it.each([
    ['header', 2],
    ['header', 4],
    ['payload', 2],
    ['payload', 4],
  ] as const)('[RS-7515-2-b] in the %s (%i of them) are zero', async (place, bitsOver) => {
    const own = withBitsOver(place, bitsOver);
    const { header, payload } = partsOf(arena.forge.token());
    const signed = (text: string) =>
      place === 'header'
        ? signSegments(text, payload, arena.forge.signer)
        : signSegments(header, text, arena.forge.signer);
    await expectAdmitted(arena.server, signed(own));
    expect(Buffer.from(turnedLastBit(own), 'base64url')).toEqual(Buffer.from(own, 'base64url'));
    await expectRefused(arena.server, signed(turnedLastBit(own)), malformed);
  });

  it('[RS-7515-2-b] in the signature are zero: a token has no second spelling to hide behind', async () => {
    const token = arena.forge.token();
    const { header, payload, signature } = partsOf(token);
    for (const bits of Array.from({ length: 15 }, (_, at) => at + 1)) {
      const last = alphabet.charAt(alphabet.indexOf(signature.slice(-1)) | bits);
      const respelling = `${header}.${payload}.${signature.slice(0, -1)}${last}`;
      expect(signatureOf(respelling)).toEqual(signatureOf(token));
      await expectRefused(arena.server, respelling, malformed);
    }
    await expectAdmitted(arena.server, token);
  });

  it('[RS-7515-2-b] are zero in every framework', async () => {
    await applications.expectRefused(respelled('signature', turnedLastBit), malformed);
    await applications.expectRefused(
      respelled('signature', (text) => `${text}==`),
      malformed,
    );
    await applications.expectAdmitted(arena.forge.token());
  });
});

describe('the other alphabet', () => {
  /** A token whose signature has both characters that the two alphabets write differently. */
  function tokenWithBoth(): string {
    for (let tries = 0; tries < 1000; tries++) {
      const token = arena.forge.token();
      const { signature } = partsOf(token);
      if (signature.includes('-') && signature.includes('_')) return token;
    }
    throw new Error('no such signature');
  }

  it('[RS-7515-2-a] base64 is no base64url', async () => {
    const token = tokenWithBoth();
    const { header, payload, signature } = partsOf(token);
    await expectAdmitted(arena.server, token);
    const standard = signature.replaceAll('-', '+').replaceAll('_', '/');
    await expectRefused(arena.server, `${header}.${payload}.${standard}`, malformed);
    await expectRefused(arena.server, `${header}.${payload}.${standard}==`, malformed);
  });

  it('hexadecimal is no base64url of the same octets', async () => {
    const token = arena.forge.token();
    const { header, payload } = partsOf(token);
    const hex = signatureOf(token).toString('hex');
    await expectRefused(arena.server, `${header}.${payload}.${hex}`, badToken('signature_invalid'));
  });
});

it('[RS-8725-3.14-a] no octet but those of base64url and the dot stands in a JWT', async () => {
  const allowed = new Set(`${alphabet}.`);
  const others = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((one) => !allowed.has(one));
  expect(others).toHaveLength(256 - 65);
  for (const other of others) {
    const token = respelled('payload', (text) => text.slice(0, 8) + other + text.slice(8));
    await expectTokenRefused(arena.server, token, malformed);
    const inHeader = ['+', '/', '~'].includes(other) ? malformed : badRequest('credentials_malformed');
    await expectRefused(arena.server, token, inHeader);
  }
});

describe('what the octets say', () => {
  const signed = (header: string | Uint8Array, payload: string | Uint8Array) =>
    signSegments(segment(header), segment(payload), arena.forge.signer);
  const headerText = () => JSON.stringify(arena.forge.header());
  const claimsText = () => JSON.stringify(arena.forge.claims());
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const respellings: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
    'a byte order mark': (text) => `\ufeff${text}`,
    'UTF-16': utf16,
    'UTF-16 with a byte order mark': (text) => utf16(`\ufeff${text}`),
    'a byte that is not UTF-8': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xff"}`, 'latin1'),
    'a cut UTF-8 sequence': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xe2\x82"}`, 'latin1'),
    'an overlong UTF-8 sequence': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xc0\xaf"}`, 'latin1'),
    'a surrogate in UTF-8': (text) => Buffer.from(`${text.slice(0, -1)},"note":"\xed\xa0\x80"}`, 'latin1'),
    'a zero behind it': (text) => `${text}\u0000`,
    'something behind it': (text) => `${text}{}`,
    'a comma too many': (text) => `${text.slice(0, -1)},}`,
    'a comment': (text) => `${text}/**/`,
    'white space that is none in JSON': (text) => `\u00a0${text}`,
    'single quotes': (text) => text.replaceAll('"', "'"),
    'a list around it': (text) => `[${text}]`,
    'quotes around it': (text) => JSON.stringify(text),
    'base64url of base64url': (text) => segment(text),
  };
  const instead = ['', ' ', '[]', '1', 'null', 'true', '"x"', 'hello', '{', '\u0000', 'undefined', 'NaN'];

  it.each(Object.entries(respellings).map(([name, respell]) => ({ name, respell })))(
    '[RS-8725-3.7-a] [RS-7515-5.2-a] [RS-7519-7.2-a] is JSON in UTF-8, without $name',
    async ({ respell }) => {
      await expectRefused(arena.server, signed(respell(headerText()), claimsText()), malformed);
      await expectRefused(arena.server, signed(headerText(), respell(claimsText())), malformed);
    },
  );

  it.each(rows(instead))('[RS-7515-5.2-a] a header is an object, and not $written', async ({ value }) => {
    await expectRefused(arena.server, signed(value, claimsText()), malformed);
  });

  it.each(rows(instead))(
    '[RS-7519-7.2-a] [RS-7515-10-a] a claims set is an object, and not $written',
    async ({ value }) => {
      await expectRefused(arena.server, signed(headerText(), value), malformed);
    },
  );

  it('white space of JSON, escapes and all of Unicode may stand there', async () => {
    const claims = JSON.stringify(arena.forge.claims({ name: 'Zoë 🦊', note: '\u0000\u2028' }), null, '\t');
    await expectAdmitted(arena.server, signed(`\r\n ${headerText()} `, `${claims}\n`));
  });
});
