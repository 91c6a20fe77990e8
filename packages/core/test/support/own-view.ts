import type { RequestReader } from '../../src/adapter/authenticator.js';
import type { HttpRequest } from '../../src/model/request.js';

/** Requests of no framework: each is what core reads, and says itself which one it is. */
export const ownView: RequestReader<HttpRequest> = {
  identityOf: ({ identity }) => identity as object,
  read: (request) => request,
};
