import { describe, expect, it } from 'vitest';
import { readSignedDocument } from '../../src/discovery/signed-document.js';
import { Malformed } from '../../src/jws/malformed.js';
import { compactJws } from '../support/compact-jws.js';
import { keysOf } from '../support/key-source-of.js';
import { signerOf } from '../support/signers.js';

const es256 = signerOf('ES256');
const rs256 = signerOf('RS256');
const signer = {
  issuer: 'https://issuer.test',
  algorithms: new Set(['ES256', 'RS256'] as const),
  keys: keysOf(es256, rs256),
};

async function outcome(text: string): Promise<unknown> {
  const read = await readSignedDocument(Buffer.from(text), 'thing+jwt', signer);
  return read instanceof Malformed ? read.reason : read;
}

const good = compactJws({ alg: 'ES256', typ: 'thing+jwt' }, { n: 1 }, es256);

describe('signed document of an issuer', () => {
  it.each([
    ['ES256', good],
    ['RS256', compactJws({ alg: 'RS256', typ: 'application/thing+jwt' }, { n: 1 }, rs256)],
    ['white space around it', `\r\n ${good}\n`],
  ])('a signed document yields its payload: %s', async (_, text) => {
    expect(await outcome(text)).toEqual({ n: 1 });
  });

  it.each([
    ['a signature by an unknown key', compactJws({ alg: 'ES256', typ: 'thing+jwt' }, { n: 1 }, signerOf('ES256'))],
    ['one character changed', good.replace(/.(?=.{10}$)/, (found) => (found === 'A' ? 'B' : 'A'))],
  ])('a signed document with %s is refused', async (_, text) => {
    expect(await outcome(text)).toBe("signature: not the issuer's");
  });

  it('a signed document whose alg does not fit the key of its kid is refused (D-13)', async () => {
    const crossed = compactJws({ alg: 'RS256', typ: 'thing+jwt' }, { n: 1 }, es256);
    expect(await outcome(crossed)).toBe("signature: not the issuer's");
  });

  it.each(['PS256', 'ES384', 'HS256', 'none', 'es256', 1, null, undefined])(
    'a signed document with the algorithm %s is refused (D-13)',
    async (alg) => {
      expect(await outcome(compactJws({ alg, typ: 'thing+jwt' }, { n: 1 }, es256))).toBe('alg: not allowed');
    },
  );

  it.each([
    ['no octets', ''],
    ['plain text', 'hello'],
    ['JSON', '{"n":1}'],
    ['two segments', good.split('.').slice(0, 2).join('.')],
    ['four segments', `${good}.x`],
    ['two documents', `${good}\n${good}`],
  ])('a document of %s is refused as a signed document', async (_, text) => {
    expect(await outcome(text)).toBe('not a signed JWT');
  });

  it('a signed document with a byte order mark is refused', async () => {
    expect(await outcome(`\ufeff${good}`)).toBe('header: not base64url');
  });

  it('a signed document whose payload is not an object is refused', async () => {
    expect(typeof (await outcome(compactJws({ alg: 'ES256', typ: 'thing+jwt' }, [1], es256)))).toBe('string');
  });
});
