import { describe, expect, it } from 'vitest';
import { readCredential } from '../../src/credential/read-credential.js';
import { carriesTokenElsewhere } from '../../src/credential/token-elsewhere.js';
import { Credential } from '../../src/model/stages.js';
import { authorized, requestWith } from '../support/requests.js';
import { verdict } from '../support/verdict.js';

const inUrl = (url: string) => carriesTokenElsewhere(requestWith([], { url }));

describe('the query parameter access_token, after form decoding (D-01)', () => {
  it.each([
    ['alone', '/r?access_token=abc'],
    ['at the root', '/?access_token=abc'],
    ['without a value', '/r?access_token'],
    ['with an empty value', '/r?access_token='],
    ['after another', '/r?a=1&access_token=abc'],
    ['before another', '/r?access_token=abc&a=1'],
    ['repeated', '/r?access_token=a&access_token=b'],
    ['with an encoded underscore', '/r?access%5Ftoken=abc'],
    ['with the same in lower case', '/r?access%5ftoken=abc'],
    [
      'with every letter encoded',
      `/r?${[...'access_token'].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}=abc`,
    ],
    ['after malformed escapes', '/r?%zz=%&%E0%A4%A=1&access_token=abc'],
    ['in an absolute-form target', 'http://api.test/r?access_token=abc'],
    ['in an invalid asterisk-form target', '*?access_token=abc'],
    ['before a fragment, which clients should not send', '/r?access_token=abc#x'],
  ])('a query parameter access_token %s is a token in the URL (D-01)', (_what, url) => {
    expect(inUrl(url)).toBe(true);
  });

  it.each([
    ['no query', '/access_token=abc'],
    ['no query and no slash', 'access_token=abc'],
    ['an empty query', '/r?'],
    ['a longer name', '/r?access_token2=abc'],
    ['a name with a prefix', '/r?xaccess_token=abc'],
    ['another case', '/r?Access_Token=abc'],
    ['an array in some frameworks', '/r?access_token[]=abc'],
    ['a space instead of the underscore', '/r?access+token=abc'],
    ['a value', '/r?a=access_token'],
    ['a value with an escaped equals sign', '/r?a=access_token%3Dabc'],
    ['an escaped ampersand', '/r?a=1%26access_token=abc'],
    ['twice escaped', '/r?access%255Ftoken=abc'],
    ['a path', '/access_token/abc?a=1'],
    ['malformed escapes', '/r?%=%&%zz&access%5token'],
    ['a semicolon instead of the ampersand', '/r?a=1;access_token=abc'],
    ['a question mark in the name', '/r??access_token=abc'],
    ['a question mark in a value', '/r?a=1?access_token=abc'],
  ])('a target with %s has no token in the URL (D-01)', (_what, url) => {
    expect(inUrl(url)).toBe(false);
  });
});

describe('access_token in a form body that the framework has parsed (D-02)', () => {
  it.each([
    ['a token', { access_token: 'abc' }],
    ['an empty one', { access_token: '' }],
    ['a repeated one', { access_token: ['a', 'b'] }],
    ['undefined', { access_token: undefined }],
  ])('a form body whose access_token is %s carries a token (D-02)', (_what, formBody) => {
    expect(carriesTokenElsewhere(requestWith([], { formBody }))).toBe(true);
  });

  it.each([
    ['no body', undefined],
    ['other members', { a: 'access_token', access_token2: 'x', Access_Token: 'x' }],
    ['an inherited member', Object.create({ access_token: 'abc' }) as Record<string, unknown>],
    ['an object without a prototype', Object.create(null) as Record<string, unknown>],
  ])('a form body with %s carries no token (D-02)', (_what, formBody) => {
    expect(carriesTokenElsewhere(requestWith([], formBody === undefined ? {} : { formBody }))).toBe(false);
  });
});

describe('tokenElsewhere, for tokens outside the Authorization header', () => {
  const locations = [
    ['the query', { url: '/r?access_token=hush' }],
    ['the form body', { formBody: { access_token: 'hush' } }],
  ] as const;

  it.each(locations)(
    'a token in %s refuses the request and is not exposed, with and without header (D-01, D-02)',
    (_location, parts) => {
      const settings = { tokenElsewhere: 'reject' } as const;
      for (const request of [requestWith([], parts), authorized('Bearer abc', parts), authorized('Basic abc', parts)]) {
        const answer = readCredential(request, settings);
        expect(verdict(answer)).toBe('token_elsewhere');
        expect(JSON.stringify(answer)).not.toContain('hush');
      }
      expect(readCredential(authorized('Bearer abc'), settings)).toBeInstanceOf(Credential);
    },
  );

  it.each(locations)('with tokenElsewhere ignore a token in %s has no effect (OAuth 2.1)', (_location, parts) => {
    const settings = { tokenElsewhere: 'ignore' } as const;
    expect(readCredential(requestWith([], parts), settings)).toBeUndefined();
    expect(readCredential(authorized('Bearer abc', parts), settings)).toMatchObject({ token: 'abc' });
    expect(verdict(readCredential(authorized('Bearer', parts), settings))).toBe('credentials_malformed');
  });

  it('repeated Authorization lines are refused before a token elsewhere (D-04)', () => {
    const request = requestWith(['Authorization', 'Bearer a', 'Authorization', 'Bearer b'], locations[0][1]);
    expect(verdict(readCredential(request, { tokenElsewhere: 'reject' }))).toBe('credentials_repeated');
  });
});
