import * as oauth from 'oauth4webapi';

/** The tokens of a user who has signed in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A public client: a stolen refresh token is enough to act as it, hence the rotation. */
export class MailApp {
  readonly #as: oauth.AuthorizationServer;
  readonly #client: oauth.Client;

  private constructor(as: oauth.AuthorizationServer, client: oauth.Client) {
    this.#as = as;
    this.#client = client;
  }

  /** Finds the endpoints in the metadata of the issuer (RFC 8414). */
  static async of(issuer: string, clientId: string): Promise<MailApp> {
    const url = new URL(issuer);
    const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...options });
    return new MailApp(await oauth.processDiscoveryResponse(url, response), { client_id: clientId });
  }

  /**
   * Redeems the code. The examples native-app and authorization-code-pkce show the sign-in itself.
   */
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

  /**
   * Gets a new access token and a new refresh token, which replaces the used one (RFC 6749 section
   * 6).
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const response = await oauth.refreshTokenGrantRequest(this.#as, this.#client, oauth.None(), refreshToken, options);
    return tokensOf(await oauth.processRefreshTokenResponse(this.#as, this.#client, response));
  }
}

// For http://127.0.0.1 only. Remove this for an issuer with https.
const options = { [oauth.allowInsecureRequests]: true };

function tokensOf({ access_token, refresh_token }: oauth.TokenEndpointResponse): Tokens {
  if (refresh_token === undefined) throw new Error('the token response contains no refresh token');
  return { accessToken: access_token, refreshToken: refresh_token };
}
