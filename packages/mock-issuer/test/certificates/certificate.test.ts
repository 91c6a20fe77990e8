import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Certificate, CertificateRequest, MockIssuer } from '../../src/index.js';
import { certify } from '../certificate.js';
import { startIssuer } from '../referee.js';
import { askOverTls } from '../tls-caller.js';

const parse = (pem: string): X509Certificate => new X509Certificate(pem);

test('a certificate says what was asked for, over the key that comes with it, by the judgement of node', async () => {
  const issuer = await startIssuer();
  const made = issuer.certificate({
    subject: { CN: 'api', O: 'Example, Inc.', OU: 'Ünit' },
    dns: 'api.example',
    uri: 'https://api.example/id',
    ip: '10.0.0.7',
    email: 'api@example.com',
  });
  const certificate = parse(made.cert);
  expect(certificate.subject).toBe('O=Example\\, Inc.\nOU=Ünit\nCN=api');
  expect(certificate.checkHost('api.example')).toBe('api.example');
  expect(certificate.checkIP('10.0.0.7')).toBe('10.0.0.7');
  expect(certificate.checkEmail('api@example.com')).toBe('api@example.com');
  expect(certificate.subjectAltName).toContain('URI:https://api.example/id');
  expect(certificate.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
  expect(made.x5c).toBe(certificate.raw.toString('base64'));
  expect(certificate.ca).toBe(false);
});

test('it is signed by the authority of its issuer, or by itself', async () => {
  const [issuer, other] = [await startIssuer(), await startIssuer()];
  const authority = parse(issuer.certificateAuthority);
  expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
  const signed = parse(issuer.certificate().cert);
  expect([signed.verify(authority.publicKey), signed.checkIssued(authority)]).toEqual([true, true]);
  const foreign = parse(other.certificateAuthority);
  expect([signed.verify(foreign.publicKey), signed.checkIssued(foreign)]).toEqual([false, false]);
  const alone = parse(issuer.certificate({ selfSigned: true }).cert);
  expect([alone.verify(alone.publicKey), alone.verify(authority.publicKey)]).toEqual([true, false]);
  expect(signed.serialNumber).not.toBe(parse(issuer.certificate().cert).serialNumber);
});

const methodOf = async (issuer: MockIssuer, as: Certificate, ca = issuer.certificateAuthority) => {
  const form = { grant_type: 'client_credentials', client_id: 'pki' };
  return (await askOverTls(ca, issuer.tokenEndpoint, { as, form })).status;
};

const pki = {
  client_id: 'pki',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_dns: 'pki.example',
  grant_types: ['client_credentials'],
} as const;

test("with tls: 'self-signed' an issuer is found under 127.0.0.1 and localhost, by whoever trusts its authority", async () => {
  const issuer = await startIssuer({ tls: 'self-signed' });
  expect(issuer.issuer).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  for (const url of [issuer.jwksUri, issuer.jwksUri.replace('127.0.0.1', 'localhost')]) {
    expect((await askOverTls(issuer.certificateAuthority, url)).status).toBe(200);
  }
  const { certificateAuthority } = await startIssuer();
  await expect(askOverTls(certificateAuthority, issuer.jwksUri)).rejects.toMatchObject({ code: /CERT|SIGN/ });
});

test('an issuer knows the certificates of its authority from others, beside those of tls.ca', async () => {
  const ca = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
  const server = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
  const issuer = await startIssuer({ tls: 'self-signed', clients: [pki] });
  const stranger = await startIssuer({ tls: 'self-signed' });
  const dns = 'pki.example';
  expect(await methodOf(issuer, issuer.certificate({ dns }))).toBe(200);
  expect(await methodOf(issuer, issuer.certificate({ dns: 'other.example' }))).toBe(401);
  expect(await methodOf(issuer, issuer.certificate({ dns, selfSigned: true }))).toBe(401);
  expect(await methodOf(issuer, stranger.certificate({ dns }))).toBe(401);
  const given = await startIssuer({ tls: { ...server, ca: ca.cert }, clients: [pki] });
  expect(await methodOf(given, given.certificate({ dns }), ca.cert)).toBe(200);
});

test.each<[string, object]>([
  ['subject', { subject: {} }],
  ['subject', { subject: 'CN=x' }],
  ['CN', { subject: { CN: '' } }],
  ['L', { subject: { L: 'x' } }],
  ['ip', { ip: '::1' }],
  ['dns', { dns: 7 }],
  ['selfSigned', { selfSigned: 'yes' }],
  ['names', { names: [] }],
])("what is wrong with a request is a TypeError that names '%s'", async (name, request) => {
  const issuer = await startIssuer();
  expect(() => issuer.certificate(request as CertificateRequest)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
  );
});
