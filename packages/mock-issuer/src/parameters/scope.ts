import type { RegisteredClient } from '../clients/registered-client.js';
import type { Form } from '../http/form.js';
import { OAuthError } from '../http/oauth-error.js';

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * The scope a client asks for; when it does not say, all it is registered for, which is nothing for who is registered without (RFC 6749
 * section 3.3 wants a default that is known beforehand).
 *
 * @throws OAuthError invalid_scope for what is no scope, and for what the client is not registered for.
 */
export function requestedScope(form: Form, { id, scopes }: RegisteredClient): readonly string[] {
  const asked = scopeParameter(form);
  if (asked === undefined) return scopes ?? [];
  const beyond = asked.find((one) => scopes?.includes(one) === false);
  if (beyond === undefined) return asked;
  throw invalidScope(`the client '${id}' is not registered for the scope '${beyond}'; it has ${listed(scopes ?? [])}`);
}

/**
 * The scope that a request takes of what was granted: all of it when it does not say.
 *
 * @throws OAuthError invalid_scope for what is no scope, and for what was not granted (RFC 6749 section 6).
 */
export function narrowedScope(form: Form, granted: readonly string[]): readonly string[] {
  const asked = scopeParameter(form);
  if (asked === undefined) return granted;
  const beyond = asked.find((one) => !granted.includes(one));
  if (beyond === undefined) return asked;
  throw invalidScope(`the scope '${beyond}' was not granted; granted was ${listed(granted)}`);
}

function scopeParameter(form: Form): readonly string[] | undefined {
  const text = form.one('scope');
  if (text === undefined) return undefined;
  if (!SCOPE.test(text)) {
    throw invalidScope('the parameter scope must be words of visible ASCII, with one space between them');
  }
  return [...new Set(text.split(' '))];
}

function listed(scopes: readonly string[]): string {
  return scopes.length === 0 ? 'none' : `'${scopes.join(' ')}'`;
}

function invalidScope(description: string): OAuthError {
  return new OAuthError('invalid_scope', description);
}
