import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions, StateFileError } from '../../src/index.js';
import { systemRandom } from '../../src/random.js';
import { NonceStore } from '../../src/stores/nonce-store.js';
import { askForTokens, basic, post, stateOf } from '../caller.js';
import { type Codes, codesOf, grantType, poll, refused } from '../device/devices.js';
import { askOverTls } from '../tls-caller.js';
import { runTwice } from './run-twice.js';

const cli = { client_id: 'cli', token_endpoint_auth_method: 'none', grant_types: [grantType] } as const;
const devices: MockIssuerOptions = { clients: [cli], users: [{ sub: 'ada' }] };

test('a device that waits still waits in the next run, and its user lets it in there', async () => {
  const { issuer, known } = await runTwice((first) => codesOf(first), devices);
  expect(issuer.device.pending()).toEqual([known.userCode]);
  expect((await poll(issuer, known.deviceCode)).body).toMatchObject({ error: 'authorization_pending' });
  issuer.device.approve(known.userCode);
  const { body } = await poll(issuer, known.deviceCode);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, sub: 'ada' });
});

test('what a user said to a device stays said, and a code that was used stays used', async () => {
  const { issuer, known } = await runTwice(async (first) => {
    const [approved, denied, used] = [await codesOf(first), await codesOf(first), await codesOf(first)];
    first.device.approve(approved.userCode);
    first.device.deny(denied.userCode);
    first.device.approve(used.userCode);
    expect((await poll(first, used.deviceCode)).status).toBe(200);
    return { approved, denied, used };
  }, devices);
  const ask = ({ deviceCode }: Codes) => poll(issuer, deviceCode);
  expect(issuer.device.pending()).toEqual([]);
  expect(await ask(known.approved)).toMatchObject({ status: 200 });
  expect(await ask(known.denied)).toMatchObject({ body: { error: 'access_denied' } });
  expect(await ask(known.used)).toMatchObject(refused('invalid_grant', /used/));
});

const register = async (issuer: MockIssuer, metadata: object) => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(metadata);
  const response = await fetch(issuer.registrationEndpoint, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as { client_id: string; client_secret: string } };
};

test('a client that registered itself is known in the next run, whether or not others can register there', async () => {
  const metadata = { grant_types: ['client_credentials'], dpop_bound_access_tokens: true };
  const open: MockIssuerOptions = { registration: 'open' };
  const before = async (first: MockIssuer) => (await register(first, metadata)).body;
  const kept = await runTwice(before, open);
  const closed = await runTwice(before, open, { registration: { initialAccessToken: 'other' } });
  for (const { issuer, known } of [kept, closed]) {
    const ask = async (clientSecret: string, dpop?: string) => {
      const authorization = basic({ clientId: known.client_id, clientSecret });
      const form = { grant_type: 'client_credentials' };
      const response = await post(issuer.tokenEndpoint, form, { authorization, ...(dpop !== undefined && { dpop }) });
      return [response.status, await response.json()];
    };
    const proof = () => issuer.dpop.proof({ method: 'POST', url: issuer.tokenEndpoint });
    expect(await ask(known.client_secret, await proof())).toMatchObject([200, { token_type: 'DPoP' }]);
    expect(await ask(known.client_secret)).toMatchObject([400, { error: 'invalid_dpop_proof' }]);
    expect(await ask('another secret', await proof())).toMatchObject([401, { error: 'invalid_client' }]);
  }
  expect((await register(kept.issuer, metadata)).status).toBe(201);
  expect((await register(closed.issuer, metadata)).status).toBe(401);
});

test('a reset forgets who registered in an earlier run, and who waited with a device', async () => {
  const options: MockIssuerOptions = { ...devices, registration: 'open' };
  const { issuer, known } = await runTwice(async (first) => {
    const metadata = { token_endpoint_auth_method: 'none', grant_types: [grantType] };
    return { id: (await register(first, metadata)).body.client_id, codes: await codesOf(first) };
  }, options);
  expect((await codesOf(issuer, {}, known.id)).userCode).not.toBe(known.codes.userCode);
  issuer.reset();
  expect(issuer.device.pending()).toEqual([]);
  expect(await poll(issuer, known.codes.deviceCode)).toMatchObject({ body: { error: 'invalid_grant' } });
  await expect(codesOf(issuer, {}, known.id)).rejects.toThrow(/invalid_client/);
});

const job = { client_id: 'job', client_secret: 's3cret', grant_types: ['client_credentials'] } as const;

const askWithProof = async (issuer: MockIssuer, dpop: string) => {
  const authorization = basic({ clientId: 'job', clientSecret: 's3cret' });
  const response = await post(issuer.tokenEndpoint, { grant_type: 'client_credentials' }, { authorization, dpop });
  return { status: response.status, nonce: response.headers.get('dpop-nonce'), body: await response.json() };
};

const proofOf = (issuer: MockIssuer, nonce?: string): Promise<string> =>
  issuer.dpop.proof({ method: 'POST', url: issuer.tokenEndpoint, ...(nonce !== undefined && { nonce }) });

test('a DPoP proof that was used is refused in the next run too', async () => {
  const { issuer, known } = await runTwice(
    async (first) => {
      const used = await proofOf(first);
      expect((await askWithProof(first, used)).status).toBe(200);
      return used;
    },
    { clients: [job] },
  );
  expect(await askWithProof(issuer, known)).toMatchObject(refused('invalid_dpop_proof', /jti was used before/));
  expect((await askWithProof(issuer, await proofOf(issuer))).status).toBe(200);
});

test('a DPoP nonce is good in the next run, unless another option says how long nonces are good for', async () => {
  const options: MockIssuerOptions = { clients: [job], dpop: { nonces: true, nonceSeconds: 600 } };
  const before = async (first: MockIssuer) => String((await askWithProof(first, await proofOf(first))).nonce);
  const same = await runTwice(before, options);
  expect((await askWithProof(same.issuer, await proofOf(same.issuer, same.known))).status).toBe(200);
  const other = await runTwice(before, options, { dpop: { nonces: true, nonceSeconds: 60 } });
  const refusal = await askWithProof(other.issuer, await proofOf(other.issuer, other.known));
  expect(refusal).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  const none = await runTwice(before, options, { dpop: {} });
  expect((await askWithProof(none.issuer, await proofOf(none.issuer))).status).toBe(200);
});

test('nonces of stretches of another length are forgotten, so that none is good again when its number comes', () => {
  const before = new NonceStore(systemRandom, 60);
  const nonce = before.current(6000);
  const after = new NonceStore(systemRandom, 600);
  after.restore(before.snapshot());
  expect([before.isRecent(nonce, 6000), after.isRecent(nonce, 60_000)]).toEqual([true, false]);
});

const pki = {
  client_id: 'pki',
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_dns: 'pki.example',
  grant_types: ['client_credentials'],
} as const;
const secure: MockIssuerOptions = { tls: 'self-signed', clients: [pki] };

test('the certificate authority stays the same: who trusts it still does, and certificates of before are good', async () => {
  const { first, issuer, known } = await runTwice((one) => one.certificate({ dns: 'pki.example' }), secure);
  expect(issuer.certificateAuthority).toBe(first.certificateAuthority);
  const form = { grant_type: 'client_credentials', client_id: 'pki' };
  for (const as of [known, issuer.certificate({ dns: 'pki.example' })]) {
    expect((await askOverTls(first.certificateAuthority, issuer.tokenEndpoint, { as, form })).status).toBe(200);
  }
  const stranger = issuer.certificate({ dns: 'pki.example', selfSigned: true });
  expect((await askOverTls(first.certificateAuthority, issuer.tokenEndpoint, { as: stranger, form })).status).toBe(401);
});

test.each<[what: string, change: (authority: { cert: string; key: string }, other: MockIssuer) => object]>([
  ['a key of another', ({ cert }, other) => ({ cert, key: other.certificate().key })],
  ['a certificate of no authority', (_, other) => other.certificate({ selfSigned: true })],
  ['a key that is none', ({ cert }) => ({ cert, key: 'none' })],
])('an authority with %s is refused', async (_, change) => {
  const { issuer, file } = await runTwice((first) => first.certificateAuthority, secure);
  await issuer.close();
  const saved = JSON.parse(await readFile(file, 'utf8'));
  const { cert, key } = change(saved.parts.authority, issuer) as { cert: string; key: string };
  await writeFile(file, JSON.stringify({ ...saved, parts: { ...saved.parts, authority: { cert, key } } }));
  const again = createMockIssuer({ ...secure, port: Number(new URL(issuer.issuer).port), stateFile: file });
  await expect(again).rejects.toThrow(StateFileError);
  await expect(again).rejects.toThrow(/authority: cert must be the certificate of an authority over its key/);
});

test('what is fetched or tried again is not in the file', async () => {
  const { issuer, file } = await runTwice(
    async (first) => {
      await codesOf(first);
      await askForTokens(first, { grant_type: grantType, device_code: 'none' }, 'cli');
    },
    { ...devices, interaction: 'pages' },
  );
  await issuer.close();
  const { parts } = JSON.parse(await readFile(file, 'utf8'));
  expect(parts.deviceCodes).toHaveLength(1);
  for (const name of ['interactions', 'deviceInteractions', 'wrongUserCodes', 'clientDocuments', 'authority']) {
    expect(parts).not.toHaveProperty(name);
  }
});
