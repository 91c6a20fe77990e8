import * as client from 'openid-client';

/** The registration of the shop at the issuer of the bank. */
export interface ShopSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** The payment that needs the consent of the user (RFC 9396). */
export interface Payment {
  readonly type: 'payment';
  readonly amount: string;
  readonly to: string;
}

/** A payment that waits for the consent of its user. */
export interface Checkout {
  /**
   * The address for the browser. It contains a reference, and no details that could be read or
   * changed.
   */
  readonly url: URL;
  /** Gets the token, after the browser has returned. */
  finish(back: URL): Promise<string>;
}

/** A client that pushes its authorization requests (RFC 9126). */
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
      // For http://127.0.0.1 only. Remove this line for an issuer with https.
      execute: [client.allowInsecureRequests],
    });
    return new Shop(config, redirectUri);
  }

  /**
   * Pushes the payment to the issuer, authenticated and from server to server, before a browser is
   * involved.
   */
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

  /** The same request without the push, which the issuer must refuse. */
  unpushed(payment: Payment): URL {
    return client.buildAuthorizationUrl(this.#config, {
      redirect_uri: this.#redirectUri,
      scope: 'payments',
      authorization_details: JSON.stringify([payment]),
    });
  }
}
