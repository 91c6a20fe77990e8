import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';

/**
 * The settings of a native app. It has no client secret: every copy of the app would contain it.
 */
export interface NativeApp {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /**
   * Opens the address in the browser of the system. A window of the app itself could read the
   * password (RFC 8252 section 8.12).
   */
  readonly openBrowser: (url: URL) => void;
}

// For http://127.0.0.1 only. Remove this for an issuer with https.
const options = { [oauth.allowInsecureRequests]: true };

/** Signs the user in with the browser, which returns to a temporary port (RFC 8252 section 7.3). */
export async function signIn({
  issuer,
  clientId,
  scope,
  openBrowser,
}: NativeApp): Promise<oauth.TokenEndpointResponse> {
  const as = await discover(issuer);
  const client = { client_id: clientId };
  // Port 0 means any free port. 127.0.0.1, never 0.0.0.0: other machines must not reach it.
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  try {
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const state = oauth.generateRandomState();
    const codeVerifier = oauth.generateRandomCodeVerifier();
    const url = authorizationUrl(as, {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    // The server listens before the browser opens, so that no response is missed.
    const answer = answerAt(server, redirectUri, (back) => oauth.validateAuthResponse(as, client, back, state));
    openBrowser(url);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      await answer,
      redirectUri,
      codeVerifier,
      options,
    );
    return await oauth.processAuthorizationCodeResponse(as, client, response);
  } finally {
    server.close().closeAllConnections();
  }
}

async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...options }));
}

/** Keeps an existing query of the endpoint (RFC 6749 section 3.1). */
function authorizationUrl(as: oauth.AuthorizationServer, parameters: Readonly<Record<string, string>>): URL {
  if (as.authorization_endpoint === undefined) throw new Error(`${as.issuer} has no authorization endpoint`);
  const url = new URL(as.authorization_endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/**
 * Waits for the browser. Every program and every web page on this machine can send requests to the
 * port. Only the response to our own request, by its `state` and `iss`, ends the waiting.
 */
function answerAt(
  server: Server,
  redirectUri: string,
  validate: (back: URL) => URLSearchParams,
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    server.on('request', (req, res) => {
      const back = new URL(req.url ?? '', redirectUri);
      try {
        if (back.pathname !== '/callback') throw new Error('not the callback');
        const answer = validate(back);
        res.end('You are signed in, and may close this window.', () => resolve(answer));
      } catch (error) {
        if (error instanceof oauth.AuthorizationResponseError) {
          res.end('You are not signed in, and may close this window.', () => reject(error));
        } else {
          res.writeHead(400).end('This is not the response to the current sign-in.');
        }
      }
    });
  });
}
