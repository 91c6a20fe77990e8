import { describe, expect, it } from 'vitest';
import { decodeCompactJws, looksLikeCompactJws } from '../../src/jws/compact.js';
import { compactOf, segment } from '../support/segments.js';
import { passed, verdict } from '../support/verdict.js';

const header = segment({ alg: 'ES256' });
const payload = segment({ iss: 'https://issuer.test' });

describe('RFC 7515 section 7.1: a compact JWS has exactly three segments', () => {
  it.each([0, 1, 3, 4, 5, 6, 1000])('%i dots are not one', (dots) => {
    expect(
      looksLikeCompactJws(
        Array(dots + 1)
          .fill('x')
          .join('.'),
      ),
    ).toBe(false);
  });

  it('two dots are one, wherever they stand', () => {
    for (const token of ['a.b.c', '.b.c', 'a.b.', '..', 'a..c']) expect(looksLikeCompactJws(token)).toBe(true);
  });

  it('the JSON serialization is not one', () => {
    expect(looksLikeCompactJws(JSON.stringify({ payload, signatures: [{ protected: header, signature: 'AA' }] }))).toBe(
      false,
    );
  });
});

describe('each segment is decoded strictly', () => {
  it('a good token is taken apart, and what was signed is the text that arrived', () => {
    const pretty = segment('{\n  "alg": "ES256"\n}');
    const jws = passed(decodeCompactJws(`${pretty}.${payload}.AQID`));
    expect(jws.header['alg']).toBe('ES256');
    expect(jws.payload['iss']).toBe('https://issuer.test');
    expect(jws.signingInput).toBe(`${pretty}.${payload}`);
    expect([...jws.signature]).toEqual([1, 2, 3]);
  });

  it('an empty signature is decoded: that it is no signature is for the verifier to say', () => {
    expect(passed(decodeCompactJws(`${header}.${payload}.`)).signature).toHaveLength(0);
  });

  it.each([
    ['an empty header', `.${payload}.AQID`],
    ['an empty payload', `${header}..AQID`],
    ['nothing but dots', '..'],
    ['a padded header', `${header}=.${payload}.AQID`],
    ['a padded payload', `${header}.${segment('{"iss":"ab"}')}=.AQID`],
    ['a padded signature', `${header}.${payload}.AQ==`],
    ['a plus in the signature', `${header}.${payload}.A+ID`],
    ['stray bits in the signature', `${header}.${payload}.AR`],
    ['a header that is an array', compactOf([], {})],
    ['a header that is null', compactOf('null', {})],
    ['a header that is a string', compactOf('"ES256"', {})],
    ['a header that is not JSON', compactOf('ES256', {})],
    ['a header that says alg twice', compactOf('{"alg":"none","alg":"ES256"}', {})],
    ['a payload that is an array', compactOf({}, [{ iss: 'x' }])],
    ['a payload that is a number', compactOf({}, '1')],
    ['a payload that is no JSON', compactOf({}, 'hello')],
    ['a payload that is a token itself', compactOf({}, compactOf({}, {}))],
    ['a payload with a byte order mark', compactOf({}, '\ufeff{}')],
    ['a payload that says exp twice', compactOf({}, '{"exp":1,"exp":2}')],
  ])('%s is malformed', (_what, token) => {
    expect(looksLikeCompactJws(token)).toBe(true);
    expect(verdict(decodeCompactJws(token))).toBe('malformed');
  });

  it('which segment is at fault is said without any part of it', () => {
    expect(decodeCompactJws(compactOf('secret', {}))).toMatchObject({ reason: 'header: not JSON in UTF-8' });
    expect(decodeCompactJws(compactOf({}, 'secret'))).toMatchObject({ reason: 'payload: not JSON in UTF-8' });
    expect(decodeCompactJws(`${compactOf({}, {}, '')}secret!`)).toMatchObject({ reason: 'signature: not base64url' });
  });
});
