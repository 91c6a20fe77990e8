import { describe, expect, it } from 'vitest';
import { certify } from '../../../mock-issuer/test/certificate.js';
import { ConfigurationError } from '../../src/errors.js';
import { parseClientAuthentication } from '../../src/options/parse-client-authentication.js';
import { signerOf } from '../support/signers.js';
import { refusedOption } from '../support-network/options.js';

const option = 'issuer.introspection.clientAuthentication';
const privateKey = { ...signerOf('ES256').privateKey.export({ format: 'jwk' }), kid: 'k1' };
const ours = certify({ subject: [['CN', 'api']] });
const theirs = certify({ subject: [['CN', 'other']] });

const basic = { method: 'client_secret_basic', clientId: 'api', clientSecret: 's3cret' };
const assertion = { method: 'private_key_jwt', clientId: 'api', privateKey };
const tls = { method: 'tls_client_auth', clientId: 'api', certificate: ours.cert, privateKey: ours.key };

const circle: Record<string, unknown> = { ...privateKey };
circle['self'] = circle;

function judge(value: unknown, hasOwnFetch = false) {
  return parseClientAuthentication(option, value, hasOwnFetch);
}

/** The option that is refused, without what all of them have in common; `undefined` where none is. */
function refused(value: unknown, hasOwnFetch = false): string | undefined {
  return refusedOption(() => judge(value, hasOwnFetch))?.replace(option, '');
}

describe('who we are to an introspection endpoint', () => {
  it.each(['client_secret_basic', 'client_secret_post'])('%s: a name and a secret', (method) => {
    expect(judge({ ...basic, method })).toEqual({ method, clientId: 'api', secret: 's3cret' });
  });

  it('private_key_jwt: a name and a key', () => {
    expect(judge(assertion)).toMatchObject({ method: 'private_key_jwt', clientId: 'api', key: { kid: 'k1' } });
  });

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'])('%s: a name, a certificate and its key', (method) => {
    const certificate = { cert: ours.cert, key: ours.key };
    expect(judge({ ...tls, method })).toEqual({ method, clientId: 'api', certificate });
  });

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'])('%s: with an own fetch a name alone', (method) => {
    expect(judge({ method, clientId: 'api' }, true)).toEqual({ method, clientId: 'api', certificate: undefined });
    expect(refused({ method, clientId: 'api' })).toBe('.certificate');
  });

  it('is frozen', () => {
    for (const value of [basic, assertion, tls]) expect(judge(value)).toSatisfy(Object.isFrozen);
  });
});

describe('a wrong way of saying who we are is refused by name', () => {
  it.each([undefined, null, 'client_secret_basic', 7, [], {}, { ...basic, method: undefined }])('%j', (value) => {
    expect(refused(value)).toBe('.method');
  });

  it.each(['none', 'client_secret_jwt', 'CLIENT_SECRET_BASIC', '', null, '__proto__', 'constructor'])(
    'the method %j',
    (method) => {
      expect(refused({ ...basic, method })).toBe('.method');
    },
  );

  it.each([undefined, null, '', 7, ['api']])('the client %j', (clientId) => {
    for (const value of [basic, assertion, tls]) expect(refused({ ...value, clientId })).toBe('.clientId');
  });

  it.each([undefined, null, '', 7, Buffer.from('s3cret')])('the secret %j', (clientSecret) => {
    expect(refused({ ...basic, clientSecret })).toBe('.clientSecret');
    expect(refused({ ...basic, method: 'client_secret_post', clientSecret })).toBe('.clientSecret');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['PEM', ours.key],
    ['a key object', signerOf('ES256').privateKey],
    ['a public key', signerOf('ES256').jwk],
    ['a list', [privateKey]],
    ['a key for another algorithm', { ...privateKey, alg: 'RS256' }],
    ['a key with a number for a kid', { ...privateKey, kid: 7 }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['what JSON has no words for', { ...privateKey, n: 1n }],
    ['what goes round in a circle', circle],
    ['what says that it is nothing', { ...privateKey, toJSON: () => undefined }],
  ])('%s for a private key', (_, given) => {
    expect(refused({ ...assertion, privateKey: given })).toBe('.privateKey');
    expect(refused(assertion)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['no certificate', { certificate: undefined }, '.certificate'],
    ['no key', { privateKey: undefined }, '.privateKey'],
    ['a certificate that is none', { certificate: 'CERT' }, '.certificate'],
    ['a key that is none', { privateKey: 'KEY' }, '.certificate'],
    ['the key of another certificate', { privateKey: theirs.key }, '.certificate'],
    ['both in the place of the other', { certificate: ours.key, privateKey: ours.cert }, '.certificate'],
    ['a Buffer', { certificate: Buffer.from(ours.cert) }, '.certificate'],
  ])('with %s', (_, changes, name) => {
    expect(refused({ ...tls, ...changes })).toBe(name);
    expect(refused(tls)).toBeUndefined();
  });

  it('a certificate with an own fetch, which cannot show it', () => {
    expect(refused(tls, true)).toBe('.certificate');
    expect(refused({ ...tls, certificate: undefined }, true)).toBe('.certificate');
  });

  it.each([
    ['a secret with a key', { ...assertion, clientSecret: 's3cret' }, '.clientSecret'],
    ['a key with a secret', { ...basic, privateKey }, '.privateKey'],
    ['a certificate with a secret', { ...basic, certificate: ours.cert }, '.certificate'],
    ['a secret with a certificate', { ...tls, clientSecret: 's3cret' }, '.clientSecret'],
    ['a name that was mistyped', { ...basic, client_id: 'api' }, '.client_id'],
  ])('%s', (_, value, name) => {
    expect(refused(value)).toBe(name);
  });

  it('what is no plain object', () => {
    expect(refused(Object.assign(new (class Client {})(), basic))).toBe('');
    expect(refused(Object.create(basic))).toBe('');
  });
});

describe('no error shows a secret', () => {
  it.each<[string, unknown]>([
    ['of the wrong method', { ...basic, method: 'private_key_jwt' }],
    ['beside a wrong client', { ...basic, clientId: '' }],
    ['in a list', { ...basic, clientSecret: ['s3cret'] }],
    ['that was mistyped', { ...basic, clientSecret: undefined, clientSecrets: 's3cret' }],
    ['in a broken key', { ...assertion, privateKey: { ...privateKey, x: 's3cret' } }],
    ['in a key of another algorithm', { ...assertion, privateKey: { ...privateKey, alg: 's3cret' } }],
    ['in a broken certificate', { ...tls, certificate: 's3cret' }],
    ['in a broken key in PEM', { ...tls, privateKey: 's3cret' }],
  ])('%s', (_, value) => {
    const failure = (() => {
      try {
        return judge(value);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(failure).toBeInstanceOf(ConfigurationError);
    const { message, stack, cause } = failure as ConfigurationError;
    const shown = [message, stack, JSON.stringify(failure), String(cause)].join();
    for (const secret of ['s3cret', String(privateKey.d), ours.key]) expect(shown).not.toContain(secret);
  });
});
