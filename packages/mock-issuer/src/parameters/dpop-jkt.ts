import type { Form } from '../http/form.js';
import { invalidRequest } from '../http/oauth-error.js';

/** @throws OAuthError invalid_request for a `dpop_jkt` that is no SHA-256 thumbprint of a key (RFC 9449 section 10). */
export function requestedJkt(form: Form): string | undefined {
  const jkt = form.one('dpop_jkt');
  if (jkt === undefined || /^[\w-]{43}$/.test(jkt)) return jkt;
  throw invalidRequest('dpop_jkt must be a SHA-256 thumbprint (RFC 7638) in base64url: 43 characters, and no padding');
}
