import type { Answer } from '../http/answer.js';
import type { OAuthError } from '../http/oauth-error.js';
import { html, page } from './html.js';

/** Asks for the code that a device shows; again, when something was wrong with the one before. */
export function userCodePage(action: string, refusal?: OAuthError): Answer {
  const problem =
    refusal === undefined ? '' : html`<p role="alert"><code>${refusal.code}</code>: ${refusal.message}</p>`;
  const body = html`${problem}
<form method="post" action="${action}">
<label>Which code does your device show? <input name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false"></label>
<button>Go on</button>
</form>`;
  return page(refusal?.status ?? 200, 'Let a device in', body, refusal?.headers);
}
