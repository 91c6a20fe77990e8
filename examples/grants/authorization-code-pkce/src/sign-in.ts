import * as client from 'openid-client';

/** What the web app was given when it was registered. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  /** Stays on the server, as the tokens do. */
  readonly clientSecret: string;
  /** Where the issuer sends browsers back to: registered there, to the letter. */
  readonly redirectUri: string;
  readonly scope: string;
  /** Milliseconds since the epoch; `Date.now`, outside this example. */
  readonly now: () => number;
}

/** What was asked of the issuer, kept in the browser's session to hold the answer against. */
export interface Pending {
  readonly state: string;
  readonly codeVerifier: string;
}

/** How long before its end an access token is replaced, so that none ends on the way. */
const MARGIN_SECONDS = 10;

/** Sends people to the issuer and takes them back: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636), with a client secret. */
export class SignIn {
  readonly #config: client.Configuration;
  readonly #registration: Registration;

  private constructor(config: client.Configuration, registration: Registration) {
    this.#config = config;
    this.#registration = registration;
  }

  /** Knows the issuer, and finds the rest in its metadata (RFC 8414). */
  static async at(registration: Registration): Promise<SignIn> {
    const { issuer, clientId, clientSecret } = registration;
    const authentication = client.ClientSecretBasic(clientSecret);
    const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      // The issuer of this example is at http://127.0.0.1. Leave this line out where it is at https.
      execute: [client.allowInsecureRequests],
    });
    return new SignIn(config, registration);
  }

  /** Where the browser is sent, and what to remember of it. */
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
   * Takes the browser back. `state` and `iss` are looked at before anything is done: an answer to somebody else's question, or of another
   * issuer, ends here (RFC 9700 sections 4.4 and 4.7).
   *
   * @param back the address that the browser came to
   */
  async finish(back: URL, { state, codeVerifier }: Pending): Promise<SignedIn> {
    const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
    const tokens = await client.authorizationCodeGrant(this.#config, back, checks);
    return new SignedIn(this.#config, tokens, this.#registration.now);
  }
}

/** Somebody who signed in, for as long as the issuer lets them. */
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
   * An access token that is good for a while yet. Of requests that come at once one refreshes and the others wait for it: a refresh token is
   * good once, and a second use ends the sign-in.
   *
   * @throws client.ResponseBodyError `invalid_grant` when they have to sign in anew.
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

  /** Revokes the refresh token, and with it everything that was issued for it (RFC 7009 section 2.1). */
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
