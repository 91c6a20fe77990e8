import { describe, expect, it } from 'vitest';
import type { ClientAuthentication } from '../../src/introspection/client-authentication.js';
import { EndpointSource } from '../../src/introspection/endpoint-source.js';
import { IntrospectionCall } from '../../src/introspection/introspection-call.js';
import { NetworkError } from '../../src/model/ports.js';
import { compactJws } from '../support/compact-jws.js';
import { keysOf } from '../support/key-source-of.js';
import { signerOf } from '../support/signers.js';
import { frozenClock } from '../support-network/frozen-clock.js';
import { documentOf, IntrospectionFetcher } from '../support-network/introspection-fetcher.js';
import { settled } from '../support-network/introspector.js';
import { failureOf } from '../support-network/network-failure.js';

const issuer = 'https://issuer.example';
const terms = { plainHttp: 'never', hosts: new Set(['issuer.example']), addresses: 'any' } as const;
const basic = { method: 'client_secret_basic', clientId: 'api', secret: 's3cret' } as const;
const signer = signerOf('ES256');
const signedAnswer = { issuer, algorithms: new Set(['ES256'] as const), keys: keysOf(signer), audience: ['api'] };

function callUnderTest(client: ClientAuthentication = basic, isSigned = false) {
  const fetcher = new IntrospectionFetcher();
  const clock = frozenClock();
  const query = { issuer, member: 'introspection_endpoint', terms };
  const endpoint = new EndpointSource(query, 600, fetcher, clock, new URL(`${issuer}/introspect?v=1`));
  const settings = { issuer, client, terms, signedAnswer: isSigned ? signedAnswer : undefined, clock };
  return { fetcher, call: new IntrospectionCall(settings, endpoint, fetcher) };
}

describe('introspection request', () => {
  it('an introspection request is an authenticated form with token and hint (RFC 7662 section 2.1)', async () => {
    const { fetcher, call } = callUnderTest();
    fetcher.script = () => ({ active: false });
    await call.send('a+b/c=');
    const { url, terms: usedTerms, form, request } = fetcher.requestAt(0);
    expect([url, usedTerms]).toEqual([`${issuer}/introspect?v=1`, terms]);
    expect(form).toEqual({ token: 'a+b/c=', token_type_hint: 'access_token' });
    expect(request?.form).toBe('token=a%2Bb%2Fc%3D&token_type_hint=access_token');
    expect(request?.authorization).toBe(`Basic ${Buffer.from('api:s3cret').toString('base64')}`);
    expect(request?.accept).toBe('application/json');
  });

  it.each<[string, ClientAuthentication, object]>([
    [
      'a secret',
      { method: 'client_secret_post', clientId: 'api', secret: 's3cret' },
      { form: expect.stringContaining('&client_id=api&client_secret=s3cret') },
    ],
    [
      'a certificate',
      { method: 'tls_client_auth', clientId: 'api', certificate: { cert: 'C', key: 'K' } },
      { form: expect.stringContaining('&client_id=api'), certificate: { cert: 'C', key: 'K' } },
    ],
  ])('an introspection request authenticates the client with %s', async (_, client, shown) => {
    const { fetcher, call } = callUnderTest(client);
    fetcher.script = () => ({ active: false });
    await call.send('t');
    expect(fetcher.requestAt(0).request).toMatchObject(shown);
    expect(fetcher.requestAt(0).request).not.toHaveProperty('authorization');
  });

  it('an introspection call returns the claims of the answer and its size', async () => {
    const { fetcher, call } = callUnderTest();
    fetcher.script = () => ({ active: true, sub: 'ada' });
    expect(await call.send('t')).toEqual({ claims: { active: true, sub: 'ada' }, octets: 27 });
  });

  it('a malformed answer is a failure that names URL and reason and quotes nothing of the answer', async () => {
    const { fetcher, call } = callUnderTest();
    fetcher.script = () => ({ active: 's3cret' });
    const failure = await failureOf(call.send('t'));
    expect(failure.code).toBe('bad_document');
    expect(failure.message).toMatch(/^https:\/\/issuer\.example\/introspect.*: active: not a boolean$/);
  });

  it('a 401 response is reported as credentials_refused (RFC 7662 section 2.3)', async () => {
    const status = 401;
    const { fetcher, call } = callUnderTest();
    const refused = new NetworkError('bad_status', `answered ${status}`, { status });
    fetcher.script = () => refused;
    const failure = await failureOf(call.send('t'));
    expect([failure.code, failure.status]).toEqual(['credentials_refused', status]);
  });

  it.each([400, 403, 404, 407, 500])('a %i response is not reported as credentials_refused', async (status) => {
    const { fetcher, call } = callUnderTest();
    const refused = new NetworkError('bad_status', `answered ${status}`, { status });
    fetcher.script = () => refused;
    expect(await failureOf(call.send('t'))).toBe(refused);
  });

  it('a signed answer is requested where it is configured, and an unsigned one is refused (D-22)', async () => {
    const { fetcher, call } = callUnderTest(basic, true);
    const type = 'token-introspection+jwt';
    const claims = { iss: issuer, aud: 'api', iat: 1_800_000_000, token_introspection: { active: true } };
    const answer = call.send('t');
    await settled();
    expect(fetcher.requestAt(0).request?.accept).toBe(`application/${type}`);
    const text = compactJws({ alg: 'ES256', typ: type }, claims, signer);
    fetcher.requestAt(0).resolve(documentOf(text, `application/${type}`));
    expect((await answer).claims).toEqual({ active: true });
    fetcher.script = () => ({ active: true });
    expect((await failureOf(call.send('t'))).code).toBe('bad_document');
  });
});
