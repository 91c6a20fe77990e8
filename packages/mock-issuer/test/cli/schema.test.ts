import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { CommandError } from '../../src/cli/command-error.js';
import { readConfig } from '../../src/cli/config-file.js';
import type {
  ClientRegistration,
  DeviceOptions,
  DpopOptions,
  LifetimeOptions,
  RefreshTokenOptions,
  RegistrationAccess,
  ResourceServerRegistration,
  StatusListOptions,
  TlsOptions,
  User,
} from '../../src/index.js';
import { optionNames } from '../../src/options.js';
import { certify, x5cOf } from '../certificate.js';
import { folder } from '../state/folder.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(new URL('../../schema.json', import.meta.url), 'utf8')) as Schema & {
  readonly definitions: Readonly<Record<string, Schema>>;
};
const suits = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);

const identity = certify({ subject: [['CN', 'localhost']], names: [['ip', '127.0.0.1']] });
const files = [
  ['key.pem', identity.key],
  ['cert.pem', identity.cert],
] as const;

/** Whether the rules of the options accept a file with these options. */
async function isAccepted(options: object): Promise<boolean> {
  const path = join(folder(), 'issuer.json');
  await writeFile(path, JSON.stringify(options));
  for (const [name, content] of files) await writeFile(join(path, '..', name), content);
  try {
    await readConfig(path);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

// The types of these tables make the compiler see that none of the names is missing.
const clientNames: Record<keyof ClientRegistration, true> = {
  client_id: true,
  client_secret: true,
  token_endpoint_auth_method: true,
  token_endpoint_auth_signing_alg: true,
  jwks: true,
  jwks_uri: true,
  tls_client_auth_subject_dn: true,
  tls_client_auth_san_dns: true,
  tls_client_auth_san_uri: true,
  tls_client_auth_san_ip: true,
  tls_client_auth_san_email: true,
  scope: true,
  introspection_signed_response_alg: true,
  client_name: true,
  redirect_uris: true,
  require_pushed_authorization_requests: true,
  dpop_bound_access_tokens: true,
  tls_client_certificate_bound_access_tokens: true,
  grant_types: true,
};
const {
  client_name,
  redirect_uris,
  require_pushed_authorization_requests,
  dpop_bound_access_tokens,
  tls_client_certificate_bound_access_tokens,
  grant_types,
  ...shared
} = clientNames;
const resourceServerNames: Record<keyof ResourceServerRegistration, true> = { ...shared, audience: true };
const userNames: Record<keyof User, true> = { sub: true, name: true };
const refreshNames: Record<keyof RefreshTokenOptions, true> = { rotate: true, graceSeconds: true };
const deviceNames: Record<keyof DeviceOptions, true> = { intervalSeconds: true };
const dpopNames: Record<keyof DpopOptions, true> = { nonces: true, nonceSeconds: true };
const accessNames: Record<keyof RegistrationAccess, true> = { initialAccessToken: true };
const tlsNames: Record<keyof TlsOptions, true> = { key: true, cert: true, ca: true };
const lifetimeNames: Record<keyof LifetimeOptions, true> = {
  accessTokenSeconds: true,
  codeSeconds: true,
  pushedRequestSeconds: true,
  deviceCodeSeconds: true,
  refreshTokenIdleSeconds: true,
  refreshTokenSeconds: true,
};
const statusListNames: Record<keyof StatusListOptions, true> = {
  bits: true,
  size: true,
  ttlSeconds: true,
  expiresInSeconds: true,
  cacheControl: true,
};

test.each([
  ['client', schema.definitions['client'], clientNames],
  ['resource server', schema.definitions['resourceServer'], resourceServerNames],
  ['user', schema.definitions['user'], userNames],
  ['refreshTokens', schema.properties?.['refreshTokens'], refreshNames],
  ['device', schema.properties?.['device'], deviceNames],
  ['dpop', schema.properties?.['dpop'], dpopNames],
  ['registration', schema.definitions['registrationAccess'], accessNames],
  ['tls', schema.definitions['tls'], tlsNames],
  ['lifetimes', schema.properties?.['lifetimes'], lifetimeNames],
  ['statusList', schema.properties?.['statusList'], statusListNames],
] as const)('the schema knows the members of a %s, and no others', (_, part, names) => {
  expect(Object.keys(part?.properties ?? {}).sort()).toEqual(Object.keys(names).sort());
});

test('the schema knows every option but the clock, which is no data', () => {
  const names = Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');
  expect(names.sort()).toEqual(optionNames.filter((name) => name !== 'clock').sort());
});

const client = { client_id: 'web', client_secret: 's' };
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'AA' };
const tls = { key: 'key.pem', cert: 'cert.pem' };
const withClient = (more: object): object => ({ clients: [{ client_id: 'web', ...more }] });
const withServer = (more: object): object => ({ resourceServers: [{ client_id: 'api', ...more }] });

const good: object[] = [
  {},
  { $schema: './schema.json' },
  { port: 0 },
  { port: 65_535 },
  ...['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1%eth0', '::ffff:10.0.0.1'].map((dangerouslyListenOn) => ({
    dangerouslyListenOn,
  })),
  { path: '/tenant-1/a.b~c_d' },
  { alg: 'Ed25519', algorithms: ['ES256', 'PS512'] },
  { audience: 'api', accessTokenFormat: 'opaque' },
  { clients: [client] },
  withClient({ ...client, client_name: 'Web', scope: '', grant_types: ['client_credentials'] }),
  withClient({ token_endpoint_auth_method: 'none', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb?a=b'] }),
  withClient({ token_endpoint_auth_method: 'client_secret_post', client_secret: 's' }),
  withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }),
  withClient({ ...client, token_endpoint_auth_signing_alg: 'ES256', introspection_signed_response_alg: 'ES256' }),
  withClient({ ...client, require_pushed_authorization_requests: true }),
  {
    tls,
    ...withClient({
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [{ ...jwk, x5c: [x5cOf(identity)] }] },
    }),
  },
  {
    tls: { ...tls, ca: 'cert.pem' },
    ...withClient({ token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a' }),
  },
  { tls: 'self-signed', ...withClient({ ...client, tls_client_certificate_bound_access_tokens: true }) },
  withClient({ ...client, dpop_bound_access_tokens: true }),
  ...['https://app.example/jwks', 'http://127.0.0.1:3000/jwks', 'http://localhost', 'http://[::1]/a'].map((jwks_uri) =>
    withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri }),
  ),
  { registration: 'open' },
  { registration: { initialAccessToken: 'a.b-c_d~e+f/g==' }, clientIdMetadataDocuments: true },
  { clientDocumentHosts: ['app.example', 'app.example:8443', '[::1]:443', '10.0.0.1'] },
  { device: { intervalSeconds: 60 }, dpop: { nonces: true, nonceSeconds: 1 } },
  withServer({ client_secret: 's', audience: 'a', scope: 'read write' }),
  withServer({ client_secret: 's', audience: ['a', 'b'] }),
  { users: [{ sub: 'ada', name: 'Ada' }, { sub: 'bob' }] },
  { interaction: 'pages', acrValues: ['low', 'high'], authorizationDetailsTypes: ['payment'] },
  { resources: ['https://a.example/?b=c', 'urn:a:b'], requirePushedAuthorizationRequests: true },
  { refreshTokens: { rotate: false, graceSeconds: 3600 } },
  { lifetimes: { accessTokenSeconds: 1, codeSeconds: 600, pushedRequestSeconds: 600, refreshTokenIdleSeconds: 1 } },
  { lifetimes: { deviceCodeSeconds: 86_400 } },
  { statusList: { bits: 8, size: 1, ttlSeconds: null, expiresInSeconds: 60, cacheControl: 'no-store' } },
  { seed: 'a', stateFile: 'state.json', jwksCacheControl: 'max-age=60' },
];

const wrong: object[] = [
  { clock: 1 },
  { colour: 'red' },
  ...['80', -1, 65_536, 1.5, null].map((port) => ({ port })),
  ...['localhost', '256.1.1.1', '1.2.3', 7].map((dangerouslyListenOn) => ({ dangerouslyListenOn })),
  ...['', 'tenant', '/tenant/', '/a/../b', '/a?b'].map((path) => ({ path })),
  { alg: 'HS256' },
  { algorithms: [] },
  { algorithms: ['none'] },
  { audience: '' },
  { accessTokenFormat: 'reference' },
  { clients: [] },
  { clients: {} },
  { clients: [{ client_secret: 's' }] },
  { clients: [{ client_id: 'a b', client_secret: 's' }] },
  withClient({}),
  withClient({ client_secret: '' }),
  withClient({ ...client, audience: 'a' }),
  withClient({ ...client, scope: ['read'] }),
  withClient({ ...client, client_name: '' }),
  withClient({ ...client, grant_types: 'client_credentials' }),
  withClient({ ...client, grant_types: [] }),
  withClient({ ...client, require_pushed_authorization_requests: 'yes' }),
  ...[[], ['/cb'], ['https://a.example/#b'], ['javascript:alert(1)'], ['https://ä.example/'], 'https://a.example'].map(
    (redirect_uris) => withClient({ ...client, redirect_uris }),
  ),
  withClient({ token_endpoint_auth_method: 'client_secret_jwt', client_secret: 's' }),
  withClient({ token_endpoint_auth_method: 'private_key_jwt' }),
  withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }),
  withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...jwk, d: 'AA' }] } }),
  { tls: { ...tls, ca: 'cert.pem' }, ...withClient({ token_endpoint_auth_method: 'tls_client_auth' }) },
  {
    tls: { ...tls, ca: 'cert.pem' },
    ...withClient({
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'a',
      tls_client_auth_san_ip: '10.0.0.1',
    }),
  },
  withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] }, jwks_uri: 'https://a.example' }),
  withClient({ ...client, jwks: { keys: [jwk] }, jwks_uri: 'https://a.example' }),
  ...['http://app.example/jwks', 'ftp://127.0.0.1/jwks', 'https://a:b@app.example/jwks', 'jwks.json', ''].map(
    (jwks_uri) => withClient({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri }),
  ),
  withClient({ ...client, dpop_bound_access_tokens: 'yes' }),
  withClient({ ...client, tls_client_certificate_bound_access_tokens: 1 }),
  ...[
    'closed',
    true,
    {},
    { initialAccessToken: '' },
    { initialAccessToken: 'a b' },
    { initialAccessToken: 'a', b: 1 },
  ].map((registration) => ({ registration })),
  { clientIdMetadataDocuments: 'yes' },
  ...[[], 'app.example', ['App.example'], ['https://app.example'], ['app.example:port']].map((clientDocumentHosts) => ({
    clientDocumentHosts,
  })),
  ...[5, { intervalSeconds: 0 }, { intervalSeconds: 61 }, { interval: 5 }].map((device) => ({ device })),
  ...[true, { nonces: 1 }, { nonceSeconds: 0 }, { nonce: true }].map((dpop) => ({ dpop })),
  { lifetimes: { deviceCodeSeconds: 0 } },
  { lifetimes: { deviceCodeSeconds: 3_155_760_001 } },
  withServer({ token_endpoint_auth_method: 'none' }),
  withServer({ client_secret: 's', dpop_bound_access_tokens: true }),
  withServer({ client_secret: 's', audience: [] }),
  withServer({ client_secret: 's', redirect_uris: ['https://a.example'] }),
  ...[[], 'ada', [{ name: 'Ada' }], [{ sub: '' }], [{ sub: 'ada', email: 'a' }]].map((users) => ({ users })),
  { interaction: 'manual' },
  { acrValues: ['a b'] },
  { acrValues: [''] },
  { resources: ['reports'] },
  { resources: ['https://a.example/#b'] },
  { authorizationDetailsTypes: [] },
  { requirePushedAuthorizationRequests: 'yes' },
  ...[true, { rotate: 1 }, { graceSeconds: 3601 }, { grace: 1 }].map((refreshTokens) => ({ refreshTokens })),
  ...[60, { codeSeconds: 601 }, { accessTokenSeconds: 0 }, { idSeconds: 1 }].map((lifetimes) => ({ lifetimes })),
  ...[{ bits: 3 }, { size: 0 }, { size: 1_000_001 }, { ttlSeconds: 0 }, { expiresInSeconds: '60' }].map(
    (statusList) => ({
      statusList,
    }),
  ),
  { statusList: { cacheControl: 'a\nb' } },
  ...[{ key: 'key.pem' }, { ...tls, key: 7 }, { ...tls, passphrase: 'p' }, 'cert.pem'].map((one) => ({ tls: one })),
  { seed: '' },
  { stateFile: '' },
  { jwksCacheControl: 'a\nb' },
];

/** What depends on more than one place, or on files, and no schema can say. */
const onlyRulesRefuse: object[] = [
  { clients: [client, client] },
  { clients: [client], resourceServers: [client] },
  withClient({ ...client, client_id: 'resource-server' }),
  { clients: [client], users: [{ sub: 'web' }] },
  { users: [{ sub: 'ada' }, { sub: 'ada' }] },
  { tls: { key: 'none.pem', cert: 'cert.pem' } },
  { tls: { key: 'key.pem', cert: 'key.pem' } },
  withClient({ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } }),
  withClient({ ...client, tls_client_certificate_bound_access_tokens: true }),
  { tls, ...withClient({ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } }) },
];

test.each(good.map((one) => [one]))('%j is good by the schema and by the rules', async (options) => {
  expect([suits(options), await isAccepted(options)], JSON.stringify(suits.errors)).toEqual([true, true]);
});

test.each(wrong.map((one) => [one]))('%j is wrong by the schema and by the rules', async (options) => {
  expect([suits(options), await isAccepted(options)]).toEqual([false, false]);
});

test.each(onlyRulesRefuse.map((one) => [one]))('%j is wrong by the rules alone', async (options) => {
  expect([suits(options), await isAccepted(options)], JSON.stringify(suits.errors)).toEqual([true, false]);
});
