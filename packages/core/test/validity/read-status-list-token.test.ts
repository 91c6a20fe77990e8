import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { readStatusListToken } from '../../src/validity/read-status-list-token.js';
import { signerOf } from '../support/signers.js';
import { listIssuer, listSigner, listUri, statusListToken } from '../support/status-list-token.js';

const now = 2000;

async function read(text: string): Promise<unknown> {
  const found = await readStatusListToken(Buffer.from(text), listUri, listSigner, now);
  return found instanceof Malformed ? found.reason : found;
}

/** The lifetime in seconds of a list with these claims, or the reason of its refusal. */
async function seconds(claims: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  const found = await read(statusListToken(claims));
  return typeof found === 'string' ? found : Object(found).seconds;
}

describe('validation of a status list token (draft-ietf-oauth-status-list-21 section 5.1)', () => {
  it('a valid status list token yields its list', async () => {
    const found = await readStatusListToken(Buffer.from(statusListToken()), listUri, listSigner, now);
    if (found instanceof Malformed) throw new Error(found.reason);
    expect([found.list.at(0), found.list.at(1), found.list.at(8)]).toEqual([0, 1, undefined]);
  });

  it.each(['JWT', 'at+jwt', 'token-introspection+jwt', undefined])(
    'a status list token with typ %s is refused',
    async (typ) => {
      expect(await read(statusListToken({}, { typ }))).toBe('typ: not statuslist+jwt');
    },
  );

  it("a status list token by a key that is not the issuer's is refused", async () => {
    expect(await read(statusListToken({}, {}, signerOf('ES256')))).toBe("signature: not the issuer's");
  });

  it.each(['HS256', 'none', 'ES384', 'RS256'])('a status list token with alg %s is refused (D-13)', async (alg) => {
    expect(await read(statusListToken({}, { alg }))).toBe('alg: not allowed');
  });

  it.each([undefined, `${listUri}/`, `${listIssuer}/lists/2`, '', null, [listUri]])(
    'a status list token with sub %j is refused, since it is about another list',
    async (sub) => {
      expect(await seconds({ sub })).toBe('sub: not the URI of this list');
    },
  );

  it.each([`${listIssuer}/`, 'https://other.test', '', null, [listIssuer]])(
    'a status list token with iss %j is refused',
    async (iss) => {
      expect(await seconds({ iss })).toBe('iss: not the issuer');
      expect(await seconds({ iss: listIssuer })).toBe(300);
    },
  );

  it.each([undefined, '1000', null])('a status list token with iat %j is refused', async (iat) => {
    expect(await seconds({ iat })).toBe('iat: not a number');
  });

  it.each([now, now - 1, 0, '3000', null])(
    'a status list token with exp %j has expired or is malformed',
    async (exp) => {
      expect(await seconds({ exp })).toBe('exp: expired, or not a number');
      expect(await seconds({ exp: now + 1 })).toBe(1);
    },
  );

  it.each([0, -1, '300', null])('a status list token with ttl %j is refused', async (ttl) => {
    expect(await seconds({ ttl })).toBe('ttl: not a positive number');
  });

  it('a status list token without a valid list is refused', async () => {
    expect(await seconds({ status_list: undefined })).toBe('status_list: not an object');
    expect(await seconds({ status_list: { bits: 3, lst: '' } })).toBe('bits: not 1, 2, 4 or 8');
  });
});

describe('lifetime of a status list (draft-ietf-oauth-status-list-21 section 8.2)', () => {
  it.each<[string, object, number]>([
    ['five minutes by default', {}, 300],
    ['its ttl', { ttl: 60 }, 60],
    ['a day at most', { ttl: 1_000_000 }, 86_400],
    ['limited by its exp', { ttl: 60, exp: now + 10 }, 10],
    ['limited by its exp without a ttl', { exp: now + 10 }, 10],
    ['its ttl where exp is later', { ttl: 60, exp: now + 600 }, 60],
    ['a fraction of a second where its ttl is one', { ttl: 0.5 }, 0.5],
  ])('the lifetime of a status list is %s', async (_, claims, expected) => {
    expect(await seconds({ ...claims })).toBe(expected);
  });
});
