import type { Answer } from '../http/answer.js';
import type { OAuthError } from '../http/oauth-error.js';
import { html, page } from './html.js';

/** What a user sees who cannot be sent back: to do so would make us a redirector to anywhere (RFC 9700 section 4.11.2). */
export function errorPage({ code, message, status }: OAuthError): Answer {
  return page(status, 'This request cannot be answered', html`<p><code>${code}</code>: ${message}</p>`);
}
