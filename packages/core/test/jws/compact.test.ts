import { describe, expect, it } from 'vitest';
import { decodeCompactJws, looksLikeCompactJws } from '../../src/jws/compact.js';
import { compactOf, segment } from '../support/segments.js';
import { passed, verdict } from '../support/verdict.js';

const header = segment({ alg: 'ES256' });
const payload = segment({ iss: 'https://issuer.test' });

describe('detection of a compact JWS (RFC 7515 section 7.1)', () => {
  it.each([0, 1, 3, 4, 5, 6, 1000])('a token with %i dots is not a compact JWS', (dots) => {
    expect(
      looksLikeCompactJws(
        Array(dots + 1)
          .fill('x')
          .join('.'),
      ),
    ).toBe(false);
  });

  it('a token with two dots is a compact JWS, whether segments are empty or not', () => {
    for (const token of ['a.b.c', '.b.c', 'a.b.', '..', 'a..c']) expect(looksLikeCompactJws(token)).toBe(true);
  });

  it('a JWS in JSON serialization is not a compact JWS', () => {
    expect(looksLikeCompactJws(JSON.stringify({ payload, signatures: [{ protected: header, signature: 'AA' }] }))).toBe(
      false,
    );
  });
});

describe('strict decoding of the JWS segments', () => {
  it('a valid JWS is decoded, and its signing input is the text as received', () => {
    const pretty = segment('{\n  "alg": "ES256"\n}');
    const jws = passed(decodeCompactJws(`${pretty}.${payload}.AQID`));
    expect(jws.header['alg']).toBe('ES256');
    expect(jws.payload['iss']).toBe('https://issuer.test');
    expect(jws.signingInput).toBe(`${pretty}.${payload}`);
    expect([...jws.signature]).toEqual([1, 2, 3]);
  });

  it('an empty JWS signature is decoded, since only the verifier can reject it', () => {
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
    ['a header that contains alg twice', compactOf('{"alg":"none","alg":"ES256"}', {})],
    ['a payload that is an array', compactOf({}, [{ iss: 'x' }])],
    ['a payload that is a number', compactOf({}, '1')],
    ['a payload that is not JSON', compactOf({}, 'hello')],
    ['a payload that is itself a token', compactOf({}, compactOf({}, {}))],
    ['a payload with a byte order mark', compactOf({}, '\ufeff{}')],
    ['a payload that contains exp twice', compactOf({}, '{"exp":1,"exp":2}')],
  ])('a JWS with %s is malformed', (_what, token) => {
    expect(looksLikeCompactJws(token)).toBe(true);
    expect(verdict(decodeCompactJws(token))).toBe('malformed');
  });

  it('the reason of a malformed JWS names the segment and quotes nothing of it', () => {
    expect(decodeCompactJws(compactOf('secret', {}))).toMatchObject({ reason: 'header: not JSON in UTF-8' });
    expect(decodeCompactJws(compactOf({}, 'secret'))).toMatchObject({ reason: 'payload: not JSON in UTF-8' });
    expect(decodeCompactJws(`${compactOf({}, {}, '')}secret!`)).toMatchObject({ reason: 'signature: not base64url' });
  });
});
