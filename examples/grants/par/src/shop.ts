import * as client from 'openid-client';

/** A shop, as the bank's issuer knows it. */
export interface ShopSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** What the user is asked to allow (RFC 9396). */
export interface Payment {
  readonly type: 'payment';
  readonly amount: string;
  readonly to: string;
}

/** A payment that waits for its user. */
export interface Checkout {
  /** Where the user's browser is sent: it carries a reference, and nothing that could be read or changed on the way. */
  readonly url: URL;
  /** Gets the token when the browser is back. */
  finish(back: URL): Promise<string>;
}

/** A shop, which pushes its authorization requests (RFC 9126). */
export class Shop {
  readonly #config: client.Configuration;
  readonly #redirectUri: string;

  private constructor(config: client.Configuration, redirectUri: string) {
    this.#config = config;
    this.#redirectUri = redirectUri;
  }

  static async open({ issuer, clientId, clientSecret, redirectUri }: ShopSettings): Promise<Shop> {
    const authentication = client.ClientSecretBasic(clientSecret);
    const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      // The issuer of this example is at http://127.0.0.1. Leave this line out where it is at https.
      execute: [client.allowInsecureRequests],
    });
    return new Shop(config, redirectUri);
  }

  /** Tells the issuer what is to be paid, server to server and with our credentials, before any browser is involved. */
  async checkout(payment: Payment, scope = 'payments'): Promise<Checkout> {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const url = await client.buildAuthorizationUrlWithPAR(this.#config, {
      redirect_uri: this.#redirectUri,
      scope,
      state: expectedState,
      authorization_details: JSON.stringify([payment]),
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const finish = async (back: URL) => {
      const checks = { pkceCodeVerifier, expectedState };
      return (await client.authorizationCodeGrant(this.#config, back, checks)).access_token;
    };
    return { url, finish };
  }

  /** The same without pushing it, as a shop would that does not know better. */
  unpushed(payment: Payment): URL {
    return client.buildAuthorizationUrl(this.#config, {
      redirect_uri: this.#redirectUri,
      scope: 'payments',
      authorization_details: JSON.stringify([payment]),
    });
  }
}
