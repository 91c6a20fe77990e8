import { describe, expect, it } from 'vitest';
import { readCredential } from '../../src/credential/read-credential.js';
import { carriesTokenElsewhere } from '../../src/credential/token-elsewhere.js';
import { Credential } from '../../src/model/stages.js';
import { authorized, requestWith } from '../support/requests.js';
import { verdict } from '../support/verdict.js';

const inUrl = (url: string) => carriesTokenElsewhere(requestWith([], { url }));

describe('D-01: a query parameter named access_token after form decoding is a token in the URL', () => {
  it.each([
    ['alone', '/r?access_token=abc'],
    ['at the root', '/?access_token=abc'],
    ['without a value', '/r?access_token'],
    ['with an empty value', '/r?access_token='],
    ['behind another', '/r?a=1&access_token=abc'],
    ['before another', '/r?access_token=abc&a=1'],
    ['repeated', '/r?access_token=a&access_token=b'],
    ['with an encoded underscore', '/r?access%5Ftoken=abc'],
    ['with the same in lower case', '/r?access%5ftoken=abc'],
    [
      'with every letter encoded',
      `/r?${[...'access_token'].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}=abc`,
    ],
    ['behind malformed escapes', '/r?%zz=%&%E0%A4%A=1&access_token=abc'],
    ['in an absolute-form target', 'http://api.test/r?access_token=abc'],
    ['in an asterisk-form target that cannot be', '*?access_token=abc'],
    ['before a fragment nobody should send', '/r?access_token=abc#x'],
  ])('%s', (_what, url) => {
    expect(inUrl(url)).toBe(true);
  });

  it.each([
    ['no query', '/access_token=abc'],
    ['no query and no slash', 'access_token=abc'],
    ['an empty query', '/r?'],
    ['another name behind it', '/r?access_token2=abc'],
    ['another name before it', '/r?xaccess_token=abc'],
    ['another case', '/r?Access_Token=abc'],
    ['an array in some frameworks', '/r?access_token[]=abc'],
    ['a space for the underscore', '/r?access+token=abc'],
    ['a value', '/r?a=access_token'],
    ['a value with an escaped equals sign', '/r?a=access_token%3Dabc'],
    ['an escaped ampersand', '/r?a=1%26access_token=abc'],
    ['twice escaped', '/r?access%255Ftoken=abc'],
    ['a path', '/access_token/abc?a=1'],
    ['malformed escapes', '/r?%=%&%zz&access%5token'],
    ['a semicolon for the ampersand', '/r?a=1;access_token=abc'],
    ['a question mark in the name', '/r??access_token=abc'],
    ['a question mark in a value', '/r?a=1?access_token=abc'],
  ])('%s is none', (_what, url) => {
    expect(inUrl(url)).toBe(false);
  });
});

describe('D-02: a form body that the framework has parsed is looked at like the query', () => {
  it.each([
    ['a token', { access_token: 'abc' }],
    ['an empty one', { access_token: '' }],
    ['a repeated one', { access_token: ['a', 'b'] }],
    ['undefined', { access_token: undefined }],
  ])('%s', (_what, formBody) => {
    expect(carriesTokenElsewhere(requestWith([], { formBody }))).toBe(true);
  });

  it.each([
    ['no body', undefined],
    ['other members', { a: 'access_token', access_token2: 'x', Access_Token: 'x' }],
    ['an inherited member', Object.create({ access_token: 'abc' }) as Record<string, unknown>],
    ['an object without a prototype', Object.create(null) as Record<string, unknown>],
  ])('%s: none', (_what, formBody) => {
    expect(carriesTokenElsewhere(requestWith([], formBody === undefined ? {} : { formBody }))).toBe(false);
  });
});

describe('a token that is elsewhere', () => {
  const places = [
    ['the query', { url: '/r?access_token=hush' }],
    ['the form body', { formBody: { access_token: 'hush' } }],
  ] as const;

  it.each(places)(
    'D-01, D-02: in %s refuses the request, alone or beside a header, and is not shown',
    (_place, parts) => {
      const settings = { tokenElsewhere: 'reject' } as const;
      for (const request of [requestWith([], parts), authorized('Bearer abc', parts), authorized('Basic abc', parts)]) {
        const answer = readCredential(request, settings);
        expect(verdict(answer)).toBe('token_elsewhere');
        expect(JSON.stringify(answer)).not.toContain('hush');
      }
      expect(readCredential(authorized('Bearer abc'), settings)).toBeInstanceOf(Credential);
    },
  );

  it.each(places)('OAuth 2.1: in %s is as if it were not there when it shall be ignored', (_place, parts) => {
    const settings = { tokenElsewhere: 'ignore' } as const;
    expect(readCredential(requestWith([], parts), settings)).toBeUndefined();
    expect(readCredential(authorized('Bearer abc', parts), settings)).toMatchObject({ token: 'abc' });
    expect(verdict(readCredential(authorized('Bearer', parts), settings))).toBe('credentials_malformed');
  });

  it('D-04: two Authorization lines are refused first', () => {
    const request = requestWith(['Authorization', 'Bearer a', 'Authorization', 'Bearer b'], places[0][1]);
    expect(verdict(readCredential(request, { tokenElsewhere: 'reject' }))).toBe('credentials_repeated');
  });
});
