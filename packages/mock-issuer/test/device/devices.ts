import { expect } from 'vitest';
import type { MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { askForTokens, basic, type Caller, post, type TokenAnswer } from '../caller.js';
import { startIssuer } from '../referee.js';

export const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
/** A confidential client on a device; `cli` is a public one. */
export const tv: Caller = { clientId: 'tv', clientSecret: 's3cret' };

/** An issuer with devices, and a page that is none. */
export function startDevices(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  return startIssuer({
    clients: [
      { client_id: 'tv', client_secret: 's3cret', grant_types: [grantType], scope: 'read write' },
      { client_id: 'cli', token_endpoint_auth_method: 'none', grant_types: [grantType, 'refresh_token'] },
      { client_id: 'other', token_endpoint_auth_method: 'none', grant_types: [grantType] },
      { client_id: 'spa', token_endpoint_auth_method: 'none', redirect_uris: ['https://spa.example/'] },
    ],
    users: [{ sub: 'ada', name: 'Ada' }, { sub: 'bob' }],
    ...options,
  });
}

/** A device authorization request; a caller with a secret comes by client_secret_basic. */
export function requestCodes(
  issuer: MockIssuer,
  form: Record<string, string> | [string, string][] = {},
  caller: Caller | string = 'cli',
): Promise<Response> {
  const pairs = Array.isArray(form) ? form : Object.entries(form);
  const named: [string, string][] = typeof caller === 'string' ? [['client_id', caller]] : [];
  const headers = typeof caller === 'object' ? { authorization: basic(caller) } : undefined;
  return post(issuer.deviceAuthorizationEndpoint, [...pairs, ...named], headers);
}

export interface Codes {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly uri: string;
  readonly complete: string;
}

export async function codesOf(
  issuer: MockIssuer,
  form: Record<string, string> | [string, string][] = {},
  caller: Caller | string = 'cli',
): Promise<Codes> {
  const body = (await (await requestCodes(issuer, form, caller)).json()) as Record<string, string>;
  const { device_code = '', user_code = '', verification_uri = '', verification_uri_complete = '' } = body;
  if (device_code === '') throw new Error(JSON.stringify(body));
  return { deviceCode: device_code, userCode: user_code, uri: verification_uri, complete: verification_uri_complete };
}

/** A token request of a device. */
export function poll(
  issuer: MockIssuer,
  device_code: string,
  caller: Caller | string = 'cli',
  more: Record<string, string> = {},
): Promise<TokenAnswer> {
  return askForTokens(issuer, { grant_type: grantType, device_code, ...more }, caller);
}

export const refused = (error: string, description: RegExp) => ({
  status: 400,
  body: { error, error_description: expect.stringMatching(description) },
});
