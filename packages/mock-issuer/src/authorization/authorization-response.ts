import type { Answer } from '../http/answer.js';
import type { OAuthError } from '../http/oauth-error.js';

/** What a client gets back through the user's browser (RFC 6749 sections 4.1.2 and 4.1.2.1). */
export interface AuthorizationResponse {
  readonly redirectUri: string;
  readonly state: string | undefined;
  /** Who answers, good or bad (RFC 9207 section 2). */
  readonly iss: string;
  readonly result: { readonly code: string } | { readonly error: OAuthError };
}

/** The address that carries a response: the redirect URI as it is, its own query included, and the response behind it. */
export function responseUrl({ redirectUri, state, iss, result }: AuthorizationResponse): string {
  const said: Record<string, string> = 'code' in result ? { code: result.code } : errorOf(result.error);
  const query = new URLSearchParams({ ...said, ...(state !== undefined && { state }), iss });
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
}

/** Sends the browser there by 303: a form that it sent to us must not be sent on (RFC 9700 section 4.12). */
export function redirect(response: AuthorizationResponse): Answer {
  const headers = { location: responseUrl(response), 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  return { status: 303, headers, body: '' };
}

function errorOf({ code, message }: OAuthError): Record<string, string> {
  return { error: code, error_description: message };
}
