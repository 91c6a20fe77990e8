import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { describe, expect, test } from 'vitest';
import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { serveDocuments } from '../document-server.js';
import { startIssuer } from '../referee.js';

const redirectUri = 'http://127.0.0.1:3000/cb';

/** What an application does for the SDK: it keeps things, and has a browser. */
class Application implements OAuthClientProvider {
  readonly redirectUrl = redirectUri;
  readonly clientMetadata: OAuthClientMetadata;
  readonly clientMetadataUrl?: string;
  client: OAuthClientInformationMixed | undefined;
  kept: OAuthTokens | undefined;
  #verifier = '';
  #sentTo: URL | undefined;

  constructor(method: string, clientMetadataUrl?: string) {
    this.clientMetadata = {
      client_name: 'MCP client',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
    };
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  state(): string {
    return 'a state';
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.kept;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.kept = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.#sentTo = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  invalidateCredentials(scope: string): void {
    if (scope === 'all') this.client = undefined;
    this.kept = undefined;
  }

  /** The code that the browser comes back with. */
  async browse(): Promise<string> {
    const response = await fetch(this.#sentTo ?? '', { redirect: 'manual' });
    const { searchParams } = new URL(response.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('a state');
    return searchParams.get('code') ?? '';
  }
}

/** An MCP server that names its issuer (RFC 9728), and the issuer. */
async function start(options: MockIssuerOptions = {}): Promise<{ serverUrl: string; issuer: MockIssuer }> {
  const { origin, served } = await serveDocuments();
  const serverUrl = `${origin}/mcp`;
  const issuer = await startIssuer({ resources: [serverUrl], ...options });
  served.set('/.well-known/oauth-protected-resource/mcp', {
    resource: serverUrl,
    authorization_servers: [issuer.issuer],
    scopes_supported: ['tools'],
  });
  return { serverUrl, issuer };
}

async function signIn(application: Application, serverUrl: string): Promise<void> {
  expect(await auth(application, { serverUrl })).toBe('REDIRECT');
  expect(await auth(application, { serverUrl, authorizationCode: await application.browse() })).toBe('AUTHORIZED');
}

describe.each(['none', 'client_secret_basic', 'client_secret_post'])("the MCP SDK's client as %s", (method) => {
  test.each(['', '/tenant-1'])(
    'registers, gets tokens for the server and refreshes them, with path %j',
    async (path) => {
      const { serverUrl, issuer } = await start({ registration: 'open', ...(path !== '' && { path }) });
      const application = new Application(method);
      await signIn(application, serverUrl);
      const first = application.kept;
      const state = { active: true, client_id: application.client?.client_id, aud: serverUrl, scope: 'tools' };
      expect(await stateOf(issuer, first?.access_token ?? '')).toMatchObject(state);
      expect(await auth(application, { serverUrl })).toBe('AUTHORIZED');
      expect(application.kept?.refresh_token).not.toBe(first?.refresh_token);
      expect(await stateOf(issuer, application.kept?.access_token ?? '')).toMatchObject(state);
      expect(issuer.requests.count('registration')).toBe(1);
      expect(issuer.requests.last('token')?.form).toMatchObject({ grant_type: 'refresh_token', resource: serverUrl });
    },
  );
});

test("the MCP SDK's client registers anew when the issuer has forgotten it", async () => {
  const { serverUrl, issuer } = await start({ registration: 'open' });
  const application = new Application('none');
  await signIn(application, serverUrl);
  const { client } = application;
  issuer.reset();
  await signIn(application, serverUrl);
  expect(application.client?.client_id).not.toBe(client?.client_id);
});

test("the MCP SDK's client reads why it is not registered", async () => {
  const { serverUrl } = await start({ registration: 'open' });
  const application = new Application('client_secret_jwt');
  await expect(auth(application, { serverUrl })).rejects.toThrow("'token_endpoint_auth_method' must be one of");
  const closed = await start();
  await expect(auth(new Application('none'), closed)).rejects.toThrow('does not support dynamic client registration');
});

test("the MCP SDK's client has a document at its client_id, and does not register", async () => {
  const documents = await serveDocuments({ tls: true });
  const client_id = `${documents.origin}/client.json`;
  const application = new Application('none', client_id);
  documents.served.set('/client.json', { client_id, ...application.clientMetadata });
  const { serverUrl, issuer } = await start({ registration: 'open', clientIdMetadataDocuments: true });
  await signIn(application, serverUrl);
  expect(await stateOf(issuer, application.kept?.access_token ?? '')).toMatchObject({ active: true, client_id });
  expect(await auth(application, { serverUrl })).toBe('AUTHORIZED');
  expect(issuer.requests.count('registration')).toBe(0);
  expect(documents.asked).toEqual(['/client.json']);
});
