import { describe, expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { askForTokens, post, stateOf } from '../caller.js';
import { type Served, serveDocuments } from '../document-server.js';
import { pkce, requestOf } from '../flow.js';
import { startIssuer } from '../referee.js';
import { ask, redirect, sending, start, world } from './world.js';

describe('a client_id that is the address of a document', () => {
  test.each([false, true])('[IS-CIMD-5-a] gets tokens, with TLS: %s', async (tls) => {
    const { issuer, clientId } = await world({}, {}, tls);
    const { told, verifier } = await ask(issuer, clientId);
    const form = { grant_type: 'authorization_code', code: told['code'] ?? '', code_verifier: verifier };
    const { status, body } = await askForTokens(issuer, form, clientId);
    expect(status).toBe(200);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, client_id: clientId });
  });

  test('[IS-CIMD-6-a] is said to be good in the metadata where it is, and is no client elsewhere', async () => {
    const { issuer, clientId, server } = await world();
    const off = await startIssuer();
    const documentOf = async ({ issuer: at }: MockIssuer) =>
      (await fetch(`${at}/.well-known/oauth-authorization-server`)).json();
    expect(await documentOf(issuer)).toHaveProperty('client_id_metadata_document_supported', true);
    expect(await documentOf(off)).not.toHaveProperty('client_id_metadata_document_supported');
    expect(await ask(off, clientId)).toMatchObject({ status: 400 });
    expect(server.asked).toEqual([]);
  });

  test('may push its request and be authorized in process', async () => {
    const { issuer, clientId } = await world();
    const { challenge } = pkce();
    const form = requestOf(challenge, { client_id: clientId, redirect_uri: redirect });
    expect((await post(issuer.pushedAuthorizationRequestEndpoint, form)).status).toBe(201);
    await expect(issuer.authorize({ client: clientId })).resolves.toHaveProperty('code');
    await expect(issuer.authorize({ client: `${clientId}/other` })).rejects.toMatchObject({ code: 'invalid_client' });
  });

  test('[IS-CIMD-8.5-a] is shown to the user beside the name that it gave itself', async () => {
    const { issuer, clientId } = await world({}, { interaction: 'pages' });
    const { page } = await ask(issuer, clientId);
    expect(page).toContain('<strong>App</strong>');
    expect(page).toContain(`<code>${clientId}</code>`);
  });

  test('[IS-CIMD-7.2-a] that was registered by the options is never fetched', async () => {
    const server = await serveDocuments();
    const client_id = `${server.origin}/client`;
    const client = { client_id, token_endpoint_auth_method: 'none', redirect_uris: [redirect] } as const;
    const issuer = await start({ clients: [client] });
    expect((await ask(issuer, client_id)).told).toHaveProperty('code');
    expect(server.asked).toEqual([]);
  });
});

describe('[IS-CIMD-3-a] the address', () => {
  test.each([
    ['has no path', (origin: string) => origin, /must have a path/],
    ['has no path but a query', (origin: string) => `${origin}?x`, /must have a path/],
    ['has dot segments', (origin: string) => `${origin}/a/../client`, /dot segments/],
    ['has encoded dot segments', (origin: string) => `${origin}/a/%2E%2e/client`, /dot segments/],
    ['has a fragment', (origin: string) => `${origin}/client#x`, /fragment/],
    ['has a user', (origin: string) => `${origin.replace('//', '//ada@')}/client`, /user name/],
    ['has a backslash', (origin: string) => `${origin}\\client`, /no URL/],
    ['is of no host', () => 'https:///client', /no URL/],
  ])('that %s is refused, and nothing is fetched', async (_why, address, reason) => {
    const { issuer, server } = await world();
    const { status, page } = await ask(issuer, address(server.origin));
    expect([status, server.asked]).toEqual([400, []]);
    expect(page).toMatch(reason);
  });

  test('may have a query, and counts to the letter', async () => {
    const { issuer, server, document } = await world();
    const withQuery = `${server.origin}/client?v=1`;
    server.served.set('/client?v=1', { ...document, client_id: withQuery });
    expect((await ask(issuer, withQuery)).told).toHaveProperty('code');
    expect((await ask(issuer, `${server.origin.replace('http:', 'HTTP:')}/client`)).status).toBe(400);
  });
});

describe('[IS-CIMD-4-a] [IS-CIMD-4.1-a] the document', () => {
  const keys = { keys: [{ kty: 'EC', d: 'private' }] };
  test.each<[why: string, changes: object, reason: RegExp]>([
    ['is of another client', { client_id: 'https://app.example/client' }, /must have that for its client_id/],
    ['has no client_id', { client_id: undefined }, /must have that for its client_id/],
    ['has a secret', { client_secret: 's' }, /must not have 'client_secret'/],
    ['has a time for a secret', { client_secret_expires_at: 0 }, /'client_secret_expires_at'/],
    ['is for client_secret_basic', { token_endpoint_auth_method: 'client_secret_basic' }, /must be one of private_key/],
    ['is for client_secret_post', { token_endpoint_auth_method: 'client_secret_post' }, /must be one of private_key/],
    ['is for client_secret_jwt', { token_endpoint_auth_method: 'client_secret_jwt' }, /must be one of private_key/],
    ['has a private key', { token_endpoint_auth_method: 'private_key_jwt', jwks: keys }, /'jwks' must be/],
    ['has no redirect URI', { redirect_uris: [] }, /'redirect_uris' is needed/],
    ['has a redirect URI that is a program', { redirect_uris: ['javascript:x'] }, /runs in a page/],
    ['wants a grant that is not here', { grant_types: ['password'] }, /'grant_types' must be/],
  ])('that %s is refused', async (_why, changes, reason) => {
    const { issuer, clientId } = await world(changes);
    const { status, page } = await ask(issuer, clientId);
    expect(status).toBe(400);
    expect(page).toContain('invalid_client');
    expect(page.replaceAll('&#39;', "'")).toMatch(reason);
  });

  test.each<[why: string, served: Served, reason: RegExp]>([
    ['is an error', sending('{}', {}, 404), /answered 404/],
    ['is made just now', sending('{}', {}, 201), /answered 201/],
    ['is elsewhere', sending('', { location: '/other' }, 302), /answered 302/],
    ['is no JSON', sending('{'), /is no JSON/],
    ['is a page', sending('{}', { 'content-type': 'text/html' }), /must be JSON, and is text\/html/],
    ['is a list', sending('[]'), /must have that for its client_id/],
    ['breaks off', (_request, response) => response.destroy(), /could not be fetched/],
  ])('[IS-CIMD-5-b] that %s is refused', async (_why, served, reason) => {
    const { issuer, clientId, server } = await world();
    server.served.set('/client', served);
    const { status, page } = await ask(issuer, clientId);
    expect(status).toBe(400);
    expect(page).toMatch(reason);
    expect(server.asked).toEqual(['/client']);
  });

  test('[IS-CIMD-8.7-a] is 5 KiB long at most', async () => {
    const { issuer, clientId, document, server } = await world();
    const sized = (bytes: number): Served => {
      const bare = Buffer.byteLength(JSON.stringify({ ...document, software_id: '' }));
      return sending(JSON.stringify({ ...document, software_id: 'x'.repeat(bytes - bare) }));
    };
    server.served.set('/client', sized(5121));
    expect((await ask(issuer, clientId)).page).toMatch(/longer than 5120 bytes/);
    server.served.set('/client', sized(5120));
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });

  test('that has no end is not read to it', async () => {
    const { issuer, clientId, server } = await world();
    server.served.set('/client', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write(' '.repeat(6000));
    });
    expect((await ask(issuer, clientId)).page).toMatch(/longer than 5120 bytes/);
  });

  test('that does not come within three seconds is given up', { timeout: 10_000 }, async () => {
    const { issuer, clientId, server } = await world();
    server.served.set('/client', (_request, response) => void response.writeHead(200).write('{'));
    expect((await ask(issuer, clientId)).page).toMatch(/took too long/);
  });

  test('may have a type of its own', async () => {
    const { issuer, clientId, document, server } = await world();
    const type = { 'content-type': 'application/client-metadata+json; charset=utf-8' };
    server.served.set('/client', sending(JSON.stringify(document), type));
    expect((await ask(issuer, clientId)).told).toHaveProperty('code');
  });
});

test('[IS-CC-3] a document is of no client at an address that a user is called by', async () => {
  const { server, clientId, document } = await world();
  const other = `${clientId}/other`;
  server.served.set('/client/other', { ...document, client_id: other });
  const issuer = await start({ users: [{ sub: clientId }] });
  expect((await ask(issuer, other)).told).toHaveProperty('code');
  expect((await ask(issuer, clientId)).page).toMatch(/is the sub of a user/);
});

test('[IS-CIMD-4.2-a] redirect URIs count to the letter, the port of a loopback address too', async () => {
  const { issuer, clientId } = await world({ redirect_uris: ['http://127.0.0.1:3000/cb'] });
  expect((await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3000/cb' })).told).toHaveProperty('code');
  expect(await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3001/cb' })).toMatchObject({ status: 400 });
  expect(await ask(issuer, clientId, { redirect_uri: 'http://127.0.0.1:3000/cb/' })).toMatchObject({ status: 400 });
});
