import type { HttpRequest } from '../model/request.js';

/**
 * Stands in for the request where a token is judged without one. A condition that reads any part
 * of it throws and so refuses, instead of deciding upon something empty.
 */
export const noRequest: HttpRequest = new Proxy({} as HttpRequest, {
  get: absent,
  has: absent,
  ownKeys: absent,
  getOwnPropertyDescriptor: absent,
});

function absent(): never {
  throw new TypeError('this condition reads the request, and the token was judged without one');
}
