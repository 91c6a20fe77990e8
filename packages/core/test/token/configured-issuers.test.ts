import { describe, expect, it } from 'vitest';
import { ConfiguredIssuers } from '../../src/token/configured-issuers.js';
import { goodClaims, parsedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

const directory = new ConfiguredIssuers(
  new Map([
    ['https://login.example.com', 'lane of example'],
    ['https://login.example.com/tenant', 'lane of its tenant'],
    ['https://bücher.example', 'lane of the bookshop'],
  ]),
);
const find = (iss: string) => directory.find(parsedToken({ claims: goodClaims({ iss }) }));

describe('RFC 9068 section 4: iss is compared code point by code point', () => {
  it('each issuer has its own lane', () => {
    expect(find('https://login.example.com')).toBe('lane of example');
    expect(find('https://login.example.com/tenant')).toBe('lane of its tenant');
  });

  it.each([
    ['a slash behind', 'https://login.example.com/'],
    ['upper case in the host', 'https://Login.example.com'],
    ['upper case in the scheme', 'HTTPS://login.example.com'],
    ['http', 'http://login.example.com'],
    ['the default port', 'https://login.example.com:443'],
    ['a space behind', 'https://login.example.com '],
    ['a space before', ' https://login.example.com'],
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
    ['nothing', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('%s is another issuer', (_what, iss) => {
    expect(verdict(find(iss))).toBe('issuer_untrusted');
  });

  it('the refusal shows operators what was found, as printable ASCII', () => {
    expect(refusalIn(find('https://evil.test\u001b[2J')).detail.found).toBe('"https://evil.test\\u001b[2J"');
  });
});

it('all that were configured are trusted, and wanted before anybody comes', () => {
  const issuers = new Map([['https://a.example', 'A']]);
  const configured = new ConfiguredIssuers(issuers);
  expect([...configured.trusted()]).toEqual([...issuers]);
  expect([...configured.configured()]).toEqual([...issuers]);
});
