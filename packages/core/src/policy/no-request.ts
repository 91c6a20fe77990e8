import type { HttpRequest } from '../model/request.js';

/**
 * Placeholder for the request where a token is validated without one. A condition that reads any
 * member of it throws, so that the check is refused. An empty object could satisfy the condition.
 */
export const noRequest: HttpRequest = new Proxy({} as HttpRequest, {
  get: absent,
  has: absent,
  ownKeys: absent,
  getOwnPropertyDescriptor: absent,
});

function absent(): never {
  throw new TypeError('this condition reads the request, but the token was validated without a request');
}
