import type { RequestReader } from '../../src/adapter/authenticator.js';
import type { HttpRequest } from '../../src/model/request.js';

/**
 * A request reader without a framework: the request is the one that core reads, with its own
 * identity.
 */
export const ownView: RequestReader<HttpRequest> = {
  identityOf: ({ identity }) => identity as object,
  read: (request) => request,
};
