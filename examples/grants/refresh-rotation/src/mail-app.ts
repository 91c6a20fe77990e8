import * as oauth from 'oauth4webapi';

/** What an app holds of somebody who signed in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A public client: whoever has its refresh token can be it, so a stolen one must not be good for long. */
export class MailApp {
  readonly #as: oauth.AuthorizationServer;
  readonly #client: oauth.Client;

  private constructor(as: oauth.AuthorizationServer, client: oauth.Client) {
    this.#as = as;
    this.#client = client;
  }

  /** Knows the issuer, and finds the rest in its metadata (RFC 8414). */
  static async of(issuer: string, clientId: string): Promise<MailApp> {
    const url = new URL(issuer);
    const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...options });
    return new MailApp(await oauth.processDiscoveryResponse(url, response), { client_id: clientId });
  }

  /** What becomes of the code that came back from a sign-in; the examples native-app and authorization-code-pkce tell of that. */
  async redeem(back: URL, redirectUri: string, codeVerifier: string): Promise<Tokens> {
    const answer = oauth.validateAuthResponse(this.#as, this.#client, back, oauth.expectNoState);
    const response = await oauth.authorizationCodeGrantRequest(
      this.#as,
      this.#client,
      oauth.None(),
      answer,
      redirectUri,
      codeVerifier,
      options,
    );
    return tokensOf(await oauth.processAuthorizationCodeResponse(this.#as, this.#client, response));
  }

  /** Gets another access token (RFC 6749 section 6). The refresh token that comes with it replaces the one that was used. */
  async refresh(refreshToken: string): Promise<Tokens> {
    const response = await oauth.refreshTokenGrantRequest(this.#as, this.#client, oauth.None(), refreshToken, options);
    return tokensOf(await oauth.processRefreshTokenResponse(this.#as, this.#client, response));
  }
}

// The issuer of this example is at http://127.0.0.1. Leave this out where it is at https.
const options = { [oauth.allowInsecureRequests]: true };

function tokensOf({ access_token, refresh_token }: oauth.TokenEndpointResponse): Tokens {
  if (refresh_token === undefined) throw new Error('the issuer gave no refresh token');
  return { accessToken: access_token, refreshToken: refresh_token };
}
