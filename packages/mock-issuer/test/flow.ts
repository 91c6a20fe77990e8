import { createHash, randomBytes } from 'node:crypto';
import type { ClientRegistration, MockIssuer, MockIssuerOptions } from '../src/index.js';
import { askForTokens, type Caller, type TokenAnswer } from './caller.js';
import { startIssuer } from './referee.js';

/** A confidential client with a server of its own. */
export const web: Caller = { clientId: 'web', clientSecret: 's3cret' };
export const callback = 'https://app.example/cb';

const registered: readonly ClientRegistration[] = [
  {
    client_id: 'web',
    client_secret: 's3cret',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'read write',
  },
  {
    client_id: 'spa',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://spa.example/', 'https://spa.example/other?x=1'],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  {
    client_id: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/cb', 'app.example:/cb'],
  },
  { client_id: 'job', client_secret: 's3cret', grant_types: ['client_credentials'], redirect_uris: [callback] },
];

/** An issuer with a web application, a page, a native app and a job. */
export function startServer(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  return startIssuer({ clients: registered, users: [{ sub: 'ada', name: 'Ada' }, { sub: 'bob' }], ...options });
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

type Parameters = Record<string, string | readonly string[] | undefined>;

/** An authorization request of the client web that is in order, with changes; `undefined` takes a parameter away. */
export function requestOf(challenge: string, changes: Parameters = {}): [string, string][] {
  const parameters: Parameters = {
    client_id: 'web',
    redirect_uri: callback,
    response_type: 'code',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'xyz',
    ...changes,
  };
  return Object.entries(parameters).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** Goes to the authorization endpoint as a browser does, and not where it sends one. */
export function visit(issuer: MockIssuer, parameters: [string, string][]): Promise<Response> {
  return fetch(`${issuer.authorizationEndpoint}?${new URLSearchParams(parameters)}`, { redirect: 'manual' });
}

/** Where a response sends the browser: the address, and what it is told. */
export function sentTo(response: Response): { address: string; told: Record<string, string> } {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`no Location: ${response.status}`);
  const [address = '', query = ''] = location.split('?');
  return { address, told: Object.fromEntries(new URLSearchParams(query)) };
}

/** A code of the client web. */
export async function codeFrom(issuer: MockIssuer, challenge: string, changes: Parameters = {}): Promise<string> {
  const { told } = sentTo(await visit(issuer, requestOf(challenge, changes)));
  if (told['code'] === undefined) throw new Error(JSON.stringify(told));
  return told['code'];
}

/** Redeems a code. */
export function redeem(
  issuer: MockIssuer,
  code: string,
  verifier: string,
  caller: Caller | string = web,
): Promise<TokenAnswer> {
  return askForTokens(issuer, { grant_type: 'authorization_code', code, code_verifier: verifier }, caller);
}

/** The tokens of the client web after a whole round. */
export async function tokensFor(issuer: MockIssuer, changes: Parameters = {}): Promise<Tokens> {
  const { verifier, challenge } = pkce();
  const caller = changes['client_id'] === undefined ? web : String(changes['client_id']);
  const { status, body } = await redeem(issuer, await codeFrom(issuer, challenge, changes), verifier, caller);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { ...body, access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

export interface Tokens extends Record<string, unknown> {
  readonly access: string;
  readonly refresh: string;
}
