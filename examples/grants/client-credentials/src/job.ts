import * as client from 'openid-client';

/** The registration of the job, and the API that it calls. */
export interface JobSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The scope to request: the least that the job needs. */
  readonly scope: string;
  readonly api: string;
  /** Milliseconds since the epoch; `Date.now`, outside this example. */
  readonly now: () => number;
}

/** A job that calls an API with its own access tokens, without a user. */
export interface Job {
  /** Calls the API, with the cached token or with a new one. */
  call(method: string, path: string): Promise<Response>;
}

/** A token is replaced this long before it expires, so that it does not expire in transit. */
const MARGIN_SECONDS = 10;

/** Sets up a job that gets its tokens by the client credentials grant (RFC 6749 section 4.4). */
export async function createJob({ issuer, clientId, clientSecret, scope, api, now }: JobSettings): Promise<Job> {
  const authentication = client.ClientSecretBasic(clientSecret);
  const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    // For http://127.0.0.1 only. Remove this line for an issuer with https.
    execute: [client.allowInsecureRequests],
  });
  let held: { readonly accessToken: string; readonly renewAt: number } | undefined;

  // This grant has no refresh token: the client uses its credentials to get another access token.
  async function accessToken(): Promise<string> {
    if (held !== undefined && now() < held.renewAt) return held.accessToken;
    const { access_token, expires_in = 0 } = await client.clientCredentialsGrant(config, { scope });
    held = { accessToken: access_token, renewAt: now() + (expires_in - MARGIN_SECONDS) * 1000 };
    return access_token;
  }

  return {
    async call(method, path) {
      const headers = { authorization: `Bearer ${await accessToken()}` };
      return fetch(new URL(path, api), { method, headers });
    },
  };
}
