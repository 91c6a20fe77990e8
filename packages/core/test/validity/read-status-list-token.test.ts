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

/** For how long a list with these claims counts, or why it does not. */
async function seconds(claims: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  const found = await read(statusListToken(claims));
  return typeof found === 'string' ? found : Object(found).seconds;
}

describe('draft-ietf-oauth-status-list-21 section 5.1: a status list token', () => {
  it('is a list', async () => {
    const found = await readStatusListToken(Buffer.from(statusListToken()), listUri, listSigner, now);
    if (found instanceof Malformed) throw new Error(found.reason);
    expect([found.list.at(0), found.list.at(1), found.list.at(8)]).toEqual([0, 1, undefined]);
  });

  it.each(['JWT', 'at+jwt', 'token-introspection+jwt', undefined])('has not the typ %s', async (typ) => {
    expect(await read(statusListToken({}, { typ }))).toBe('typ: not statuslist+jwt');
  });

  it('is signed by the issuer of the token: another key is none', async () => {
    expect(await read(statusListToken({}, {}, signerOf('ES256')))).toBe("signature: not the issuer's");
  });

  it.each(['HS256', 'none', 'ES384', 'RS256'])('D-13: has not the algorithm %s', async (alg) => {
    expect(await read(statusListToken({}, { alg }))).toBe('alg: not allowed');
  });

  it.each([undefined, `${listUri}/`, `${listIssuer}/lists/2`, '', null, [listUri]])(
    'is about the list that the token names: not sub %j',
    async (sub) => {
      expect(await seconds({ sub })).toBe('sub: another list');
    },
  );

  it.each([`${listIssuer}/`, 'https://other.test', '', null, [listIssuer]])(
    'names no other issuer: not iss %j',
    async (iss) => {
      expect(await seconds({ iss })).toBe('iss: not the issuer');
      expect(await seconds({ iss: listIssuer })).toBe(300);
    },
  );

  it.each([undefined, '1000', null])('has a date: not iat %j', async (iat) => {
    expect(await seconds({ iat })).toBe('iat: not a date');
  });

  it.each([now, now - 1, 0, '3000', null])('is not over: not exp %j', async (exp) => {
    expect(await seconds({ exp })).toBe('exp: over, or not a date');
    expect(await seconds({ exp: now + 1 })).toBe(1);
  });

  it.each([0, -1, '300', null])('has a ttl above nothing, or none: not %j', async (ttl) => {
    expect(await seconds({ ttl })).toBe('ttl: not a positive number');
  });

  it('has a list', async () => {
    expect(await seconds({ status_list: undefined })).toBe('status_list: not an object');
    expect(await seconds({ status_list: { bits: 3, lst: '' } })).toBe('bits: not 1, 2, 4 or 8');
  });
});

describe('draft-ietf-oauth-status-list-21 section 8.2: a list counts', () => {
  it.each<[string, object, number]>([
    ['five minutes where it does not say', {}, 300],
    ['as long as its ttl', { ttl: 60 }, 60],
    ['a day at most', { ttl: 1_000_000 }, 86_400],
    ['not past its exp', { ttl: 60, exp: now + 10 }, 10],
    ['not past its exp where it has no ttl', { exp: now + 10 }, 10],
    ['as long as its ttl where exp is later', { ttl: 60, exp: now + 600 }, 60],
    ['fractions of a second too', { ttl: 0.5 }, 0.5],
  ])('%s', async (_, claims, expected) => {
    expect(await seconds({ ...claims })).toBe(expected);
  });
});
