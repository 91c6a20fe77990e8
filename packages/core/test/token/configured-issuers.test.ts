import { describe, expect, it } from 'vitest';
import { ConfiguredIssuers } from '../../src/token/configured-issuers.js';
import { goodClaims, parsedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

const directory = new ConfiguredIssuers(
  new Map([
    ['https://login.example.com', 'rules of example'],
    ['https://login.example.com/tenant', 'rules of its tenant'],
    ['https://bücher.example', 'rules of the bookshop'],
  ]),
);
const find = (iss: string) => directory.find(parsedToken({ claims: goodClaims({ iss }) }));

describe('ConfiguredIssuers compares iss by code points (RFC 9068 section 4)', () => {
  it('ConfiguredIssuers finds the rules of each issuer', () => {
    expect(find('https://login.example.com')).toBe('rules of example');
    expect(find('https://login.example.com/tenant')).toBe('rules of its tenant');
  });

  it.each([
    ['a trailing slash', 'https://login.example.com/'],
    ['upper case in the host', 'https://Login.example.com'],
    ['upper case in the scheme', 'HTTPS://login.example.com'],
    ['http', 'http://login.example.com'],
    ['the default port', 'https://login.example.com:443'],
    ['a trailing space', 'https://login.example.com '],
    ['a leading space', ' https://login.example.com'],
    ['a query', 'https://login.example.com?'],
    ['a fragment', 'https://login.example.com#'],
    ['a longer host', 'https://login.example.com.evil.test'],
    ['a longer path', 'https://login.example.com/tenant/2'],
    ['a prefix of it', 'https://login.example.co'],
    ['a user in front', 'https://login.example.com@evil.test'],
    ['an escaped letter', 'https://login.example.com/%74enant'],
    ['a dot segment', 'https://login.example.com/x/../tenant'],
    ['punycode of a configured name', 'https://xn--bcher-kva.example'],
    ['another Unicode normalisation', 'https://bu\u0308cher.example'],
    ['a NUL', 'https://login.example.com\0'],
    ['the empty string', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('a token whose iss has %s is refused with issuer_untrusted', (_what, iss) => {
    expect(verdict(find(iss))).toBe('issuer_untrusted');
  });

  it('the refusal of an iss shows the found value as printable ASCII', () => {
    expect(refusalIn(find('https://evil.test\u001b[2J')).detail.found).toBe('"https://evil.test\\u001b[2J"');
  });
});

it('configured issuers are trusted, and are fetched by ready()', () => {
  const issuers = new Map([['https://a.example', 'A']]);
  const configured = new ConfiguredIssuers(issuers);
  expect([...configured.trusted()]).toEqual([...issuers]);
  expect([...configured.configured()]).toEqual([...issuers]);
});
