import type { Form } from '../http/form.js';
import { invalidRequest } from '../http/oauth-error.js';

/** What may be asked of how the user is met (OpenID Connect Core section 3.1.2.1). */
export const promptValues = ['none', 'login', 'consent', 'select_account'] as const;

/** Some of {@link promptValues}; `none` only alone. */
export type Prompt = ReadonlySet<string>;

/** @throws OAuthError invalid_request for other values, and for `none` beside one. */
export function requestedPrompt(form: Form): Prompt {
  const prompt = new Set(form.one('prompt')?.split(' ').filter(Boolean));
  const unknown = [...prompt].find((value) => !promptValues.some((known) => known === value));
  if (unknown !== undefined) throw invalidRequest(`the prompt '${unknown}' is none of ${promptValues.join(' ')}`);
  if (prompt.has('none') && prompt.size > 1) throw invalidRequest('the prompt none must be alone');
  return prompt;
}
