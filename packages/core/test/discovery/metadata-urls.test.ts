import { describe, expect, it } from 'vitest';
import { readEndpoint } from '../../src/discovery/discover-endpoint.js';
import { metadataUrls } from '../../src/discovery/metadata-urls.js';
import type { JsonObject } from '../../src/jws/json.js';
import { NetworkError } from '../../src/model/ports.js';

const issuer = 'https://as.example';

function readJwksUri(metadata: JsonObject, of: string): URL | NetworkError {
  return readEndpoint(metadata, { issuer: of, member: 'jwks_uri' });
}

describe('URLs of the metadata documents', () => {
  it.each([
    ['https://as.example', '', ''],
    ['https://as.example/', '', ''],
    ['https://as.example/t1', '/t1', '/t1'],
    ['https://as.example/t1/', '/t1', '/t1'],
    ['https://as.example/realms/a%20b', '/realms/a%20b', '/realms/a%20b'],
  ])(
    'metadata URLs have the path of %s after and before the well-known part [RS-8414-3-a] [RS-8414-5-a]',
    (url, after, before) => {
      const { oauth, openid } = metadataUrls(url);
      expect(oauth.href).toBe(`https://as.example/.well-known/oauth-authorization-server${after}`);
      expect(openid.href).toBe(`https://as.example${before}/.well-known/openid-configuration`);
    },
  );

  it('the metadata URLs keep scheme and port of the issuer', () => {
    const { oauth, openid } = metadataUrls('http://127.0.0.1:8080/t1');
    expect(oauth.href).toBe('http://127.0.0.1:8080/.well-known/oauth-authorization-server/t1');
    expect(openid.href).toBe('http://127.0.0.1:8080/t1/.well-known/openid-configuration');
  });
});

describe('validation of a metadata document (D-20)', () => {
  const metadata = { issuer, jwks_uri: 'https://keys.example/jwks' };

  it('the jwks_uri of the configured issuer is used, unknown members are ignored (D-20) [RS-8414-2-c]', () => {
    expect(readJwksUri({ ...metadata, signed_metadata: 'x', foo: [1] }, issuer)).toEqual(new URL(metadata.jwks_uri));
  });

  it.each<[string, JsonObject]>([
    ['an additional slash', { ...metadata, issuer: 'https://as.example/' }],
    ['another case', { ...metadata, issuer: 'https://AS.example' }],
    ['another host', { ...metadata, issuer: 'https://as.example.evil.example' }],
    ['the default port', { ...metadata, issuer: 'https://as.example:443' }],
    ['a list as its value', { ...metadata, issuer: [issuer] }],
    ['no value', { jwks_uri: metadata.jwks_uri }],
  ])('metadata whose issuer has %s is refused (D-20) [RS-8414-3.3-a]', (_, document) => {
    expect(readJwksUri(document, issuer)).toMatchObject({ code: 'wrong_issuer' });
  });

  it.each([undefined, null, 7, '', '/jwks', 'jwks', ['https://keys.example/jwks']])(
    'metadata of the configured issuer with jwks_uri %j is refused (D-20)',
    (location) => {
      const document = { issuer, ...(location !== undefined && { jwks_uri: location }) };
      expect(readJwksUri(document, issuer)).toMatchObject({ code: 'bad_document' });
    },
  );

  it('issuers are compared by code point, without normalization [RS-8414-4-a]', () => {
    const [composed, decomposed] = ['https://as.example/\u00e9', 'https://as.example/e\u0301'];
    expect(readJwksUri({ ...metadata, issuer: decomposed }, composed)).toBeInstanceOf(NetworkError);
    expect(readJwksUri({ ...metadata, issuer: composed }, composed)).toBeInstanceOf(URL);
  });
});
