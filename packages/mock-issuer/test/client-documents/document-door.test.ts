import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { askForTokens } from '../caller.js';
import { type DocumentServer, serveDocuments } from '../document-server.js';
import { startIssuer } from '../referee.js';
import { ask, sending, start, world } from './world.js';

describe('[IS-CIMD-5.2-a] a good document is remembered', () => {
  const fetches = async ({ issuer, clientId, server }: Awaited<ReturnType<typeof world>>, seconds: number) => {
    await ask(issuer, clientId);
    issuer.clock.advance(seconds - 1);
    await ask(issuer, clientId);
    const before = server.asked.length;
    issuer.clock.advance(2);
    await ask(issuer, clientId);
    return [before, server.asked.length];
  };

  test('for five minutes of the clock', async () => {
    expect(await fetches(await world(), 300)).toEqual([1, 2]);
  });

  test.each([
    ['max-age=60', 60],
    ['public, max-age=999999', 3600],
  ])('as its Cache-Control says: %s', async (control, seconds) => {
    const there = await world();
    there.server.served.set('/client', sending(JSON.stringify(there.document), { 'cache-control': control }));
    expect(await fetches(there, seconds)).toEqual([1, 2]);
  });

  test.each(['no-store', 'no-cache', 'max-age=0'])('and not with %s', async (control) => {
    const { issuer, clientId, document, server } = await world();
    server.served.set('/client', sending(JSON.stringify(document), { 'cache-control': control }));
    for (let times = 0; times < 2; times += 1) expect((await ask(issuer, clientId)).told).toHaveProperty('code');
    expect(server.asked).toHaveLength(2);
  });

  test('and what is wrong is not, nor anything after a reset', async () => {
    const { issuer, clientId, document, server } = await world();
    server.served.set('/client', {});
    expect((await ask(issuer, clientId)).status).toBe(400);
    server.served.set('/client', document);
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
    issuer.reset();
    await ask(issuer, clientId);
    expect(server.asked).toHaveLength(3);
  });
});

describe('[IS-CIMD-8.6-a] what is fetched', () => {
  test.each([
    'https://app.example/client',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/client',
    'https://[::ffff:10.0.0.1]/client',
    'https://[fe80::1]/client',
    'https://127.0.0.1.nip.example/client',
    'https://localhost.evil.example/client',
    'https://2130706434.example/client',
    'https://0.0.0.0/client',
  ])('is on this machine: %s is not', async (clientId) => {
    const { page, status } = await ask(await start(), clientId);
    expect(status).toBe(400);
    expect(page).toMatch(/neither on this machine nor among the option/);
  });

  test('is over https where it is not on this machine, however it was allowed', async () => {
    const issuer = await start({ clientDocumentHosts: ['app.example'] });
    expect((await ask(issuer, 'http://app.example/client')).page).toMatch(/must be https, or http on loopback/);
  });

  test('is what the option names: a host that is allowed is looked up, and nobody else', async () => {
    const issuer = await start({ clientDocumentHosts: ['nowhere.invalid:8443'] });
    expect((await ask(issuer, 'https://nowhere.invalid:8443/client')).page).toMatch(/could not be fetched/);
    expect((await ask(issuer, 'https://nowhere.invalid/client')).page).toMatch(/neither on this machine/);
  });

  test('is found under the name localhost as well', async () => {
    const { issuer, server, document } = await world();
    const clientId = `${server.origin.replace('127.0.0.1', 'localhost')}/client`;
    server.served.set('/client', { ...document, client_id: clientId });
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });

  test('is not on this machine where other machines reach the issuer, unless that was said', async () => {
    const { server, clientId } = await world();
    const dangerouslyListenOn = '0.0.0.0';
    const wary = await start({ dangerouslyListenOn });
    expect((await ask(wary, clientId)).page).toMatch(/neither on this machine nor/);
    expect(server.asked).toEqual([]);
    const { host } = new URL(server.origin);
    const told = await start({ dangerouslyListenOn, clientDocumentHosts: [host] });
    expect((await ask(told, clientId)).told).toHaveProperty('code');
  });
});

describe('[IS-CIMD-8.2-a] a client with keys', () => {
  const assertionFor = async ({ issuer }: MockIssuer, clientId: string, key: Parameters<SignJWT['sign']>[0]) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT({ iss: clientId, sub: clientId, aud: issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(key),
  });

  test.each(['jwks', 'jwks_uri'])('shows who it is by private_key_jwt and its %s, and must', async (member) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const other = await generateKeyPair('ES256');
    const jwks = { keys: [await exportJWK(publicKey)] };
    const { issuer, clientId, document, server } = await world();
    server.served.set('/jwks', sending(JSON.stringify(jwks), { 'content-type': 'application/jwk-set+json' }));
    server.served.set('/client', {
      ...document,
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      ...(member === 'jwks' ? { jwks } : { jwks_uri: `${server.origin}/jwks` }),
    });
    const form = { grant_type: 'client_credentials' };
    const good = await assertionFor(issuer, clientId, privateKey);
    expect(await askForTokens(issuer, { ...form, ...good })).toMatchObject({ status: 200 });
    const bad = await assertionFor(issuer, clientId, other.privateKey);
    const refused = { status: 401, body: { error: 'invalid_client' } };
    expect(await askForTokens(issuer, { ...form, ...bad })).toMatchObject(refused);
    expect(await askForTokens(issuer, form, clientId)).toMatchObject(refused);
  });

  test('is refused when its keys cannot be had, or are elsewhere', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const { issuer, clientId, document, server } = await world();
    const tell = async (jwks_uri: string) => {
      const method = { token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'], jwks_uri };
      server.served.set('/client', { ...document, ...method });
      issuer.reset();
      const assertion = await assertionFor(issuer, clientId, privateKey);
      const { status, body } = await askForTokens(issuer, { grant_type: 'client_credentials', ...assertion });
      expect([status, body['error']]).toEqual([401, 'invalid_client']);
      return body['error_description'];
    };
    expect(await tell(`${server.origin}/nowhere`)).toMatch(/answered 404/);
    expect(await tell('https://app.example/jwks')).toMatch(/neither on this machine/);
    server.served.set('/jwks', { keys: [{ kty: 'EC', d: 'x' }] });
    expect(await tell(`${server.origin}/jwks`)).toMatch(/JSON Web Key Set of public keys/);
  });
});

test('jwks_uri is good for clients of the options, and of registrations', async () => {
  const server: DocumentServer = await serveDocuments();
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  server.served.set('/jwks', { keys: [await exportJWK(publicKey)] });
  const own = {
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    jwks_uri: `${server.origin}/jwks`,
  } as const;
  const issuer = await startIssuer({ clients: [{ client_id: 'job', ...own }], registration: 'open' });
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(own) };
  const { client_id } = (await (await fetch(issuer.registrationEndpoint, init)).json()) as { client_id: string };
  for (const id of ['job', client_id]) {
    const assertion = await new SignJWT({ iss: id, sub: id, aud: issuer.issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(privateKey);
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
    expect(await askForTokens(issuer, form)).toMatchObject({ status: 200 });
  }
});
