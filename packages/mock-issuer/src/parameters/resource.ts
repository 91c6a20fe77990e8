import type { Form } from '../http/form.js';
import { OAuthError } from '../http/oauth-error.js';

/**
 * The resources that a request names (RFC 8707 section 2); `undefined` when it names none.
 *
 * @throws OAuthError invalid_target for what is no absolute URI or has a fragment, and for what is not among `known`.
 */
export function requestedAudience(form: Form, known: ReadonlySet<string>): readonly string[] | undefined {
  const asked = form.all('resource');
  for (const one of asked) assertKnown(one, known);
  return asked.length === 0 ? undefined : [...new Set(asked)];
}

/**
 * The audience that a request takes of what was granted: all of it when it names none.
 *
 * @throws OAuthError invalid_target for what was not granted (RFC 8707 section 2.2).
 */
export function narrowedAudience(form: Form, granted: readonly string[]): readonly string[] {
  return requestedAudience(form, new Set(granted)) ?? granted;
}

function assertKnown(resource: string, known: ReadonlySet<string>): void {
  if (known.has(resource)) return;
  throw new OAuthError('invalid_target', reason(resource, known));
}

function reason(resource: string, known: ReadonlySet<string>): string {
  if (!URL.canParse(resource)) return `the resource '${resource}' is no absolute URI`;
  if (resource.includes('#')) return `the resource '${resource}' has a fragment`;
  const near = [...known].find((one) => one === `${resource}/` || `${one}/` === resource);
  if (near !== undefined) return `the resource '${resource}' differs from '${near}' by a slash at the end`;
  return `the resource '${resource}' is none of those known here: ${[...known].join(' ')}`;
}
