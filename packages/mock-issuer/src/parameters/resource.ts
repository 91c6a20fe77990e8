import type { Form } from '../http/form.js';
import { OAuthError } from '../http/oauth-error.js';

/**
 * The resources that a request names (RFC 8707 section 2); `undefined` when it names none.
 *
 * @throws OAuthError invalid_target for what is no absolute URI or has a fragment, and for what is not among `known`.
 */
export function requestedAudience(form: Form, known: ReadonlySet<string>): readonly string[] | undefined {
  const asked = form.all('resource');
  for (const one of asked) assertKnown('resource', one, known);
  return asked.length === 0 ? undefined : [...new Set(asked)];
}

/**
 * The targets that a request names, as `resource` or as `audience` (RFC 8693 section 2.1); `undefined` when it names none.
 *
 * @throws OAuthError invalid_target, likewise; an audience need not be a URI.
 */
export function targetedAudience(form: Form, known: ReadonlySet<string>): readonly string[] | undefined {
  const audience = form.all('audience');
  for (const one of audience) assertKnown('audience', one, known);
  const asked = [...(requestedAudience(form, known) ?? []), ...audience];
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

/** A parameter that names what tokens are for. */
type TargetParameter = 'resource' | 'audience';

function assertKnown(name: TargetParameter, target: string, known: ReadonlySet<string>): void {
  if (!known.has(target)) throw new OAuthError('invalid_target', reason(name, target, known));
}

function reason(name: TargetParameter, target: string, known: ReadonlySet<string>): string {
  const the = `the ${name} '${target}'`;
  if (name === 'resource' && !URL.canParse(target)) return `${the} is no absolute URI`;
  if (name === 'resource' && target.includes('#')) return `${the} has a fragment`;
  const near = [...known].find((one) => one === `${target}/` || `${one}/` === target);
  if (near !== undefined) return `${the} differs from '${near}' by a slash at the end`;
  return `${the} is none of those known here: ${[...known].join(' ')}`;
}
