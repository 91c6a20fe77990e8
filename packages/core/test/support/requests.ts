import type { HttpRequest } from '../../src/model/request.js';

/** A GET of `/r` with these header lines, in the order of name, value, name, value. */
export function requestWith(rawHeaders: readonly string[] = [], parts: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: '/r', rawHeaders, ...parts };
}

/** A request with one line `Authorization: value`. */
export function authorized(value: string, parts: Partial<HttpRequest> = {}): HttpRequest {
  return requestWith(['Host', 'api.test', 'Authorization', value], parts);
}
