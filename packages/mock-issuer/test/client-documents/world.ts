import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { type DocumentServer, type Served, serveDocuments } from '../document-server.js';
import { pkce, requestOf, sentTo, visit } from '../flow.js';
import { startIssuer } from '../referee.js';

/** Where the users of the client go back to. */
export const redirect = 'https://app.example/cb';
/** An issuer that takes documents. */
export const start = (options: MockIssuerOptions = {}): Promise<MockIssuer> =>
  startIssuer({ clientIdMetadataDocuments: true, ...options });

interface World {
  readonly server: DocumentServer;
  readonly clientId: string;
  readonly document: object;
  readonly issuer: MockIssuer;
}

/** A server with a document, an issuer that takes it, and the client_id. */
export async function world(changes: object = {}, options: MockIssuerOptions = {}, overTls = false): Promise<World> {
  const server = await serveDocuments({ tls: overTls });
  const clientId = `${server.origin}/client`;
  const document = { client_id: clientId, client_name: 'App', redirect_uris: [redirect], ...changes };
  server.served.set('/client', document);
  return { server, clientId, document, issuer: await start(options) };
}

interface Said {
  readonly status: number;
  readonly page: string;
  readonly told: Record<string, string>;
  readonly verifier: string;
}

/** What the authorization endpoint says to a client: where it goes, or what it shows the user. */
export async function ask(issuer: MockIssuer, client_id: string, changes: Record<string, string> = {}): Promise<Said> {
  const { challenge, verifier } = pkce();
  const parameters = requestOf(challenge, { client_id, redirect_uri: redirect, ...changes });
  const response = await visit(issuer, parameters);
  const page = await response.text();
  const told = response.headers.get('location') === null ? {} : sentTo(response).told;
  return { status: response.status, page, told, verifier };
}

/** A text as it is, under headers and a status. */
export const sending =
  (body: string, headers: Record<string, string> = {}, status = 200): Served =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
