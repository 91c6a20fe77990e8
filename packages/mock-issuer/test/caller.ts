import type { MockIssuer } from '../src/index.js';

/** Credentials as a client has them. */
export interface Caller {
  readonly clientId: string;
  readonly clientSecret: string;
}

const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

/** The Authorization header of client_secret_basic, form-encoded (RFC 6749 section 2.3.1). */
export function basic({ clientId, clientSecret }: Caller): string {
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`;
}

/** A form sent to an endpoint. */
export function post(
  url: string,
  form: Record<string, string> | [string, string][] | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });
}

/** Asks an issuer about a token, as its own resource server unless somebody else asks. */
export function introspect(
  issuer: MockIssuer,
  token: string,
  { caller = issuer.resourceServer, accept = 'application/json' }: { caller?: Caller; accept?: string } = {},
): Promise<Response> {
  return post(issuer.introspectionEndpoint, { token }, { authorization: basic(caller), accept });
}

/** What the issuer says of a token. */
export async function stateOf(issuer: MockIssuer, token: string, caller?: Caller): Promise<Record<string, unknown>> {
  const response = await introspect(issuer, token, caller && { caller });
  if (response.status !== 200) throw new Error(`introspection answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** What the token endpoint said. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Asks for tokens; a caller with a secret comes by client_secret_basic, one without names itself in the form. */
export async function askForTokens(
  issuer: MockIssuer,
  form: Record<string, string> | [string, string][],
  caller?: Caller | string,
): Promise<TokenAnswer> {
  const pairs = Array.isArray(form) ? form : Object.entries(form);
  const named: [string, string][] = typeof caller === 'string' ? [['client_id', caller]] : [];
  const headers = typeof caller === 'object' ? { authorization: basic(caller) } : undefined;
  const response = await post(issuer.tokenEndpoint, [...pairs, ...named], headers);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
