import { expect } from 'vitest';
import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { askForTokens, type Caller, stateOf, type TokenAnswer } from '../caller.js';
import { callback } from '../flow.js';
import { startIssuer } from '../referee.js';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
/** A gateway, which trades tokens of its callers for tokens that it can show to others. */
export const gateway: Caller = { clientId: 'gateway', clientSecret: 's3cret' };
export const reports = 'https://reports.example.com';
export const api = 'https://api.example.com';

/** An issuer with a gateway, another service behind it, a web application, and a page that would like to be a gateway. */
export function startExchange(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  return startIssuer({
    clients: [
      {
        client_id: 'gateway',
        client_secret: 's3cret',
        grant_types: [grantType, 'client_credentials', 'refresh_token'],
      },
      { client_id: 'service', client_secret: 's3cret', grant_types: [grantType, 'client_credentials'], scope: 'read' },
      {
        client_id: 'web',
        client_secret: 's3cret',
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
      },
      { client_id: 'spa', token_endpoint_auth_method: 'none', grant_types: [grantType] },
    ],
    resources: [reports],
    authorizationDetailsTypes: ['pay', 'see'],
    acrValues: ['mfa'],
    users: [{ sub: 'ada' }, { sub: 'bob' }],
    ...options,
  });
}

/** An exchange that is in order, with changes; `undefined` takes a parameter away. */
export function exchange(
  issuer: MockIssuer,
  subject_token: string,
  changes: Record<string, string | readonly string[] | undefined> = {},
  caller: Caller | string = gateway,
): Promise<TokenAnswer> {
  const form = { grant_type: grantType, subject_token, subject_token_type: accessToken, ...changes };
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  return askForTokens(issuer, pairs, caller);
}

/** The new token. */
export async function exchanged(...request: Parameters<typeof exchange>): Promise<string> {
  const { status, body } = await exchange(...request);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return String(body['access_token']);
}

/** What introspection says of the new token. */
export async function exchangedState(...request: Parameters<typeof exchange>): Promise<Record<string, unknown>> {
  return stateOf(request[0], await exchanged(...request));
}

/** A token of the gateway, or of another client, on its own behalf. */
export async function ownToken(issuer: MockIssuer, caller: Caller = gateway): Promise<string> {
  return String((await askForTokens(issuer, { grant_type: 'client_credentials' }, caller)).body['access_token']);
}

export const refused = (error: string, description: RegExp) => ({
  status: 400,
  body: { error, error_description: expect.stringMatching(description) },
});
