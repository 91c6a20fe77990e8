import * as client from 'openid-client';

/** What the gateway was given when it was registered. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a token is traded for. */
export interface Target {
  /** The API that the new token is for (RFC 8707), and no other. */
  readonly resource: string;
  /** The least that the call needs; never more than the token has that is traded. */
  readonly scope: string;
  /** Who acts for the subject, by a token of its own. Without it the new token does not say that anybody does. */
  readonly actorToken?: string;
}

/** Trades the tokens that come in for others that can do less (RFC 8693). */
export class TokenTrade {
  readonly #config: client.Configuration;

  private constructor(config: client.Configuration) {
    this.#config = config;
  }

  /** Knows the issuer, and finds the rest in its metadata (RFC 8414). */
  static async at({ issuer, clientId, clientSecret }: Registration): Promise<TokenTrade> {
    const authentication = client.ClientSecretBasic(clientSecret);
    const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      // The issuer of this example is at http://127.0.0.1. Leave this line out where it is at https.
      execute: [client.allowInsecureRequests],
    });
    return new TokenTrade(config);
  }

  /** Another token about the same user, for the next API. */
  async tradeDown(subjectToken: string, { resource, scope, actorToken }: Target): Promise<string> {
    const tokens = await client.genericGrantRequest(this.#config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
      subject_token: subjectToken,
      subject_token_type: accessToken,
      ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: accessToken }),
      resource,
      scope,
    });
    return tokens.access_token;
  }

  /** A token that says who the gateway itself is. */
  async ownToken(): Promise<string> {
    return (await client.clientCredentialsGrant(this.#config)).access_token;
  }
}

/** RFC 8693 section 3. */
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
