import * as client from 'openid-client';

/** The registration of the gateway at the issuer. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The token to request. */
export interface Target {
  /** The only API that the new token is for (RFC 8707). */
  readonly resource: string;
  /** The least that the call needs, within the scope of the exchanged token. */
  readonly scope: string;
  /** A token of the acting party. Without it the new token has no `act` claim. */
  readonly actorToken?: string;
}

/** Exchanges received tokens for tokens with fewer rights (RFC 8693). */
export class TokenTrade {
  readonly #config: client.Configuration;

  private constructor(config: client.Configuration) {
    this.#config = config;
  }

  /** Finds the endpoints in the metadata of the issuer (RFC 8414). */
  static async at({ issuer, clientId, clientSecret }: Registration): Promise<TokenTrade> {
    const authentication = client.ClientSecretBasic(clientSecret);
    const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      // For http://127.0.0.1 only. Remove this line for an issuer with https.
      execute: [client.allowInsecureRequests],
    });
    return new TokenTrade(config);
  }

  /** A token of the same user for the next API. */
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

  /** A token whose subject is the gateway itself. */
  async ownToken(): Promise<string> {
    return (await client.clientCredentialsGrant(this.#config)).access_token;
  }
}

/** Token type identifier of RFC 8693 section 3. */
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
