import type { HttpRequest } from '../model/request.js';
import { memberOf } from '../objects/members.js';

const parameter = 'access_token';

/**
 * Whether a request contains an access token outside of the Authorization header: in the query
 * (RFC 6750 section 2.3, which OAuth 2.1 removed) or in a form body that the framework has already
 * parsed.
 */
export function carriesTokenElsewhere(request: HttpRequest): boolean {
  const formBody = memberOf(request, 'formBody');
  return hasQueryParameter(request.url) || (formBody !== undefined && Object.hasOwn(Object(formBody), parameter));
}

function hasQueryParameter(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  const query = url.slice(start + 1);
  // `access%5Ftoken` is the same name. Without a percent sign, the name can only occur literally.
  if (!query.includes(parameter) && !query.includes('%')) return false;
  // URLSearchParams removes one leading `?`. With it, a second `?` stays part of the first name.
  return new URLSearchParams(`?${query}`).has(parameter);
}
