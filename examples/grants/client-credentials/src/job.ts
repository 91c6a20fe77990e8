import * as client from 'openid-client';

/** What the job was given when it was registered, and where it works. */
export interface JobSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What to ask for: the least that does the work. */
  readonly scope: string;
  readonly api: string;
  /** Milliseconds since the epoch; `Date.now`, outside this example. */
  readonly now: () => number;
}

/** A job, which calls an API for itself and for no user. */
export interface Job {
  /** Calls the API, with the token that it has or with another one. */
  call(method: string, path: string): Promise<Response>;
}

/** How long before its end a token is replaced, so that none ends on the way. */
const MARGIN_SECONDS = 10;

/** Sets up a job that gets its tokens by client credentials (RFC 6749 section 4.4). */
export async function createJob({ issuer, clientId, clientSecret, scope, api, now }: JobSettings): Promise<Job> {
  const authentication = client.ClientSecretBasic(clientSecret);
  const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    // The issuer of this example is at http://127.0.0.1. Leave this line out where it is at https.
    execute: [client.allowInsecureRequests],
  });
  let held: { readonly accessToken: string; readonly renewAt: number } | undefined;

  // There is no refresh token: the credentials are at hand, and get another access token just as well.
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
