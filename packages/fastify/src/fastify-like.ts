import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/*
 * The members of Fastify that are used, in types that fit every kind of server. Fastify's own types
 * differ between HTTP/1.1 and HTTP/2, and a hook typed for one would not compile on the other.
 */

/** The members of a Fastify request that are used. */
export interface FastifyRequestLike {
  /** Node's request. */
  readonly raw: IncomingMessage | Http2ServerRequest;
  /** Request target as received. */
  readonly originalUrl: string;
  /** The parsed body; `undefined` before it is parsed. */
  readonly body?: unknown;
  /** Options of the route, with its `config`. */
  readonly routeOptions: { readonly config?: unknown };
}

/** The members of a Fastify reply that are used. */
export interface FastifyReplyLike {
  /** Node's response. */
  readonly raw: ServerResponse | Http2ServerResponse;
  /** Whether the reply was sent, or Fastify's handling of it was ended by `hijack`. */
  readonly sent: boolean;
  /** Sets the HTTP status. */
  code(status: number): this;
  /** Sets a header. */
  header(name: string, value: string | string[]): this;
  /** Whether a header is set. */
  hasHeader(name: string): boolean;
  /** Removes a header. */
  removeHeader(name: string): this;
  /** Sends the body. */
  send(body: unknown): this;
  /** Ends Fastify's handling of the request: no later hook and no handler runs. */
  hijack(): this;
  /** Settles when the reply was sent. */
  then(fulfilled: () => void, rejected: (failure: Error) => void): void;
}

/** The members of a Fastify instance that are used. */
export interface FastifyInstanceLike {
  /** Registers a hook for the context and its child contexts. */
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => unknown,
  ): unknown;
}

/** The arguments of a Fastify hook. */
export type FastifyArguments = readonly [request: FastifyRequestLike, reply: FastifyReplyLike];
