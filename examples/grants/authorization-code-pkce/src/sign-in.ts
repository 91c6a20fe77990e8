import * as client from 'openid-client';

/** The registration of the web app at the issuer. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  /** Never leaves the server, like the tokens. */
  readonly clientSecret: string;
  /** The redirect URI, exactly as registered. */
  readonly redirectUri: string;
  readonly scope: string;
  /** Milliseconds since the epoch; `Date.now`, outside this example. */
  readonly now: () => number;
}

/**
 * Values of an authorization request, kept in the session of the browser to validate the response.
 */
export interface Pending {
  readonly state: string;
  readonly codeVerifier: string;
}

/**
 * An access token is replaced this long before it expires, so that it does not expire in transit.
 */
const MARGIN_SECONDS = 10;

/**
 * Signs users in at the issuer: authorization code grant with PKCE (RFC 6749 section 4.1, RFC
 * 7636), with a client secret.
 */
export class SignIn {
  readonly #config: client.Configuration;
  readonly #registration: Registration;

  private constructor(config: client.Configuration, registration: Registration) {
    this.#config = config;
    this.#registration = registration;
  }

  /** Finds the endpoints in the metadata of the issuer (RFC 8414). */
  static async at(registration: Registration): Promise<SignIn> {
    const { issuer, clientId, clientSecret } = registration;
    const authentication = client.ClientSecretBasic(clientSecret);
    const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      // For http://127.0.0.1 only. Remove this line for an issuer with https.
      execute: [client.allowInsecureRequests],
    });
    return new SignIn(config, registration);
  }

  /** The address for the browser, and the values to keep until it returns. */
  async start(): Promise<{ readonly url: URL; readonly pending: Pending }> {
    const pending = { state: client.randomState(), codeVerifier: client.randomPKCECodeVerifier() };
    const url = client.buildAuthorizationUrl(this.#config, {
      redirect_uri: this.#registration.redirectUri,
      scope: this.#registration.scope,
      state: pending.state,
      code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, pending };
  }

  /**
   * Redeems the code. `state` and `iss` are validated first: a response to another request, or from
   * another issuer, is refused (RFC 9700 sections 4.4 and 4.7).
   *
   * @param back the address to which the issuer has redirected the browser
   */
  async finish(back: URL, { state, codeVerifier }: Pending): Promise<SignedIn> {
    const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
    const tokens = await client.authorizationCodeGrant(this.#config, back, checks);
    return new SignedIn(this.#config, tokens, this.#registration.now);
  }
}

/** The tokens of a user who has signed in. */
export class SignedIn {
  readonly #config: client.Configuration;
  readonly #now: () => number;
  #tokens: client.TokenEndpointResponse;
  #renewAt: number;
  #refreshing: Promise<void> | undefined;

  constructor(config: client.Configuration, tokens: client.TokenEndpointResponse, now: () => number) {
    this.#config = config;
    this.#now = now;
    this.#tokens = tokens;
    this.#renewAt = this.#due(tokens);
  }

  /**
   * An access token that does not expire within the margin. Of concurrent requests one refreshes,
   * and the others
   * wait for it. A refresh token may be used once; a second use revokes the
   * whole grant.
   *
   * @throws client.ResponseBodyError `invalid_grant` when the user must sign in again
   */
  async accessToken(): Promise<string> {
    if (this.#now() >= this.#renewAt) {
      this.#refreshing ??= this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
      await this.#refreshing;
    }
    return this.#tokens.access_token;
  }

  /** Revokes the refresh token, and with it all tokens of the grant (RFC 7009 section 2.1). */
  async end(): Promise<void> {
    await this.#refreshing;
    await client.tokenRevocation(this.#config, this.#tokens.refresh_token ?? this.#tokens.access_token);
  }

  async #refresh(): Promise<void> {
    this.#tokens = await client.refreshTokenGrant(this.#config, this.#tokens.refresh_token ?? '');
    this.#renewAt = this.#due(this.#tokens);
  }

  #due({ expires_in = 0 }: client.TokenEndpointResponse): number {
    return this.#now() + (expires_in - MARGIN_SECONDS) * 1000;
  }
}
