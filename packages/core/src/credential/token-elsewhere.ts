import type { HttpRequest } from '../model/request.js';
import { memberOf } from '../objects/members.js';

const parameter = 'access_token';

/**
 * Whether a request carries an access token where it does not belong: in the query (RFC 6750
 * section 2.3, which OAuth 2.1 removed) or in a form body that the framework has already parsed.
 */
export function carriesTokenElsewhere(request: HttpRequest): boolean {
  const formBody = memberOf(request, 'formBody');
  return hasQueryParameter(request.url) || (formBody !== undefined && Object.hasOwn(Object(formBody), parameter));
}

function hasQueryParameter(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  const query = url.slice(start + 1);
  // `access%5Ftoken` is the same name; without a percent sign the name stands there as it is.
  if (!query.includes(parameter) && !query.includes('%')) return false;
  // In front of the query, so that a second question mark stays a part of the first name.
  return new URLSearchParams(`?${query}`).has(parameter);
}
