import { describe, expect, it } from 'vitest';
import { certify } from '../../../mock-issuer/test/certificate.js';
import { ConfigurationError } from '../../src/errors.js';
import { parseClientAuthentication } from '../../src/options/parse-client-authentication.js';
import { signerOf } from '../support/signers.js';
import { refusedOption } from '../support-network/options.js';

const option = 'issuer.introspection.clientAuthentication';
const privateKey = { ...signerOf('ES256').privateKey.export({ format: 'jwk' }), kid: 'k1' };
const apiCertificate = certify({ subject: [['CN', 'api']] });
const otherCertificate = certify({ subject: [['CN', 'other']] });

const basic = { method: 'client_secret_basic', clientId: 'api', clientSecret: 's3cret' };
const assertion = { method: 'private_key_jwt', clientId: 'api', privateKey };
const tls = {
  method: 'tls_client_auth',
  clientId: 'api',
  certificate: apiCertificate.cert,
  privateKey: apiCertificate.key,
};

const circle: Record<string, unknown> = { ...privateKey };
circle['self'] = circle;

function parse(value: unknown, hasOwnFetch = false) {
  return parseClientAuthentication(option, value, hasOwnFetch);
}

/** The refused option without the common prefix; `undefined` if none is refused. */
function refused(value: unknown, hasOwnFetch = false): string | undefined {
  return refusedOption(() => parse(value, hasOwnFetch))?.replace(option, '');
}

describe('introspection.clientAuthentication', () => {
  it.each(['client_secret_basic', 'client_secret_post'])(
    'clientAuthentication %s takes a client id and a secret',
    (method) => {
      expect(parse({ ...basic, method })).toEqual({ method, clientId: 'api', secret: 's3cret' });
    },
  );

  it('clientAuthentication private_key_jwt takes a client id and a private key', () => {
    expect(parse(assertion)).toMatchObject({ method: 'private_key_jwt', clientId: 'api', key: { kid: 'k1' } });
  });

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'])(
    'clientAuthentication %s takes a client id, a certificate and its key',
    (method) => {
      const certificate = { cert: apiCertificate.cert, key: apiCertificate.key };
      expect(parse({ ...tls, method })).toEqual({ method, clientId: 'api', certificate });
    },
  );

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'])(
    'clientAuthentication %s takes the client id alone with a custom fetch',
    (method) => {
      expect(parse({ method, clientId: 'api' }, true)).toEqual({ method, clientId: 'api', certificate: undefined });
      expect(refused({ method, clientId: 'api' })).toBe('.certificate');
    },
  );

  it('parsed clientAuthentication is frozen', () => {
    for (const value of [basic, assertion, tls]) expect(parse(value)).toSatisfy(Object.isFrozen);
  });
});

describe('invalid clientAuthentication', () => {
  it.each([undefined, null, 'client_secret_basic', 7, [], {}, { ...basic, method: undefined }])(
    'clientAuthentication %j is refused, since it has no method',
    (value) => {
      expect(refused(value)).toBe('.method');
    },
  );

  it.each(['none', 'client_secret_jwt', 'CLIENT_SECRET_BASIC', '', null, '__proto__', 'constructor'])(
    'clientAuthentication refuses the method %j',
    (method) => {
      expect(refused({ ...basic, method })).toBe('.method');
    },
  );

  it.each([undefined, null, '', 7, ['api']])('clientAuthentication refuses the clientId %j', (clientId) => {
    for (const value of [basic, assertion, tls]) expect(refused({ ...value, clientId })).toBe('.clientId');
  });

  it.each([undefined, null, '', 7, Buffer.from('s3cret')])(
    'clientAuthentication refuses the clientSecret %j',
    (clientSecret) => {
      expect(refused({ ...basic, clientSecret })).toBe('.clientSecret');
      expect(refused({ ...basic, method: 'client_secret_post', clientSecret })).toBe('.clientSecret');
    },
  );

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['PEM', apiCertificate.key],
    ['a key object', signerOf('ES256').privateKey],
    ['a public key', signerOf('ES256').jwk],
    ['a list', [privateKey]],
    ['a key for another algorithm', { ...privateKey, alg: 'RS256' }],
    ['a key with a number for a kid', { ...privateKey, kid: 7 }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a value that JSON cannot represent', { ...privateKey, n: 1n }],
    ['a circular object', circle],
    ['an object whose toJSON returns undefined', { ...privateKey, toJSON: () => undefined }],
  ])('clientAuthentication refuses %s as privateKey', (_, given) => {
    expect(refused({ ...assertion, privateKey: given })).toBe('.privateKey');
    expect(refused(assertion)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['no certificate', { certificate: undefined }, '.certificate'],
    ['no key', { privateKey: undefined }, '.privateKey'],
    ['an invalid certificate', { certificate: 'CERT' }, '.certificate'],
    ['an invalid key', { privateKey: 'KEY' }, '.certificate'],
    ['the key of another certificate', { privateKey: otherCertificate.key }, '.certificate'],
    [
      'certificate and key exchanged',
      { certificate: apiCertificate.key, privateKey: apiCertificate.cert },
      '.certificate',
    ],
    ['a Buffer', { certificate: Buffer.from(apiCertificate.cert) }, '.certificate'],
  ])('clientAuthentication tls_client_auth refuses %s', (_, changes, name) => {
    expect(refused({ ...tls, ...changes })).toBe(name);
    expect(refused(tls)).toBeUndefined();
  });

  it('clientAuthentication refuses a certificate with a custom fetch, which cannot present it', () => {
    expect(refused(tls, true)).toBe('.certificate');
    expect(refused({ ...tls, certificate: undefined }, true)).toBe('.certificate');
  });

  it.each([
    ['a secret with a key', { ...assertion, clientSecret: 's3cret' }, '.clientSecret'],
    ['a key with a secret', { ...basic, privateKey }, '.privateKey'],
    ['a certificate with a secret', { ...basic, certificate: apiCertificate.cert }, '.certificate'],
    ['a secret with a certificate', { ...tls, clientSecret: 's3cret' }, '.clientSecret'],
    ['a misspelled option name', { ...basic, client_id: 'api' }, '.client_id'],
  ])('clientAuthentication refuses %s', (_, value, name) => {
    expect(refused(value)).toBe(name);
  });

  it('clientAuthentication refuses an object that is not plain', () => {
    expect(refused(Object.assign(new (class Client {})(), basic))).toBe('');
    expect(refused(Object.create(basic))).toBe('');
  });
});

describe('errors of clientAuthentication', () => {
  it.each<[string, unknown]>([
    ['of the wrong method', { ...basic, method: 'private_key_jwt' }],
    ['next to an invalid client id', { ...basic, clientId: '' }],
    ['in a list', { ...basic, clientSecret: ['s3cret'] }],
    ['under a misspelled name', { ...basic, clientSecret: undefined, clientSecrets: 's3cret' }],
    ['in a broken key', { ...assertion, privateKey: { ...privateKey, x: 's3cret' } }],
    ['in a key of another algorithm', { ...assertion, privateKey: { ...privateKey, alg: 's3cret' } }],
    ['in a broken certificate', { ...tls, certificate: 's3cret' }],
    ['in a broken key in PEM', { ...tls, privateKey: 's3cret' }],
  ])('the error does not contain a secret %s', (_, value) => {
    const failure = (() => {
      try {
        return parse(value);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(failure).toBeInstanceOf(ConfigurationError);
    const { message, stack, cause } = failure as ConfigurationError;
    const shown = [message, stack, JSON.stringify(failure), String(cause)].join();
    for (const secret of ['s3cret', String(privateKey.d), apiCertificate.key]) expect(shown).not.toContain(secret);
  });
});
