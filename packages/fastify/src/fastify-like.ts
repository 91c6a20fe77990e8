import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/*
 * The parts of Fastify that are used, in types that fit every kind of server: Fastify's own differ between
 * HTTP/1.1 and HTTP/2, and a hook typed for one would not compile on the other.
 */

/** The parts of a Fastify request that are used. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage | Http2ServerRequest;
  readonly originalUrl: string;
  readonly body?: unknown;
  readonly routeOptions: { readonly config?: unknown };
}

/** The parts of a Fastify reply that are used. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse | Http2ServerResponse;
  readonly sent: boolean;
  code(status: number): this;
  header(name: string, value: string | string[]): this;
  hasHeader(name: string): boolean;
  removeHeader(name: string): this;
  send(body: unknown): this;
  hijack(): this;
  then(fulfilled: () => void, rejected: (failure: Error) => void): void;
}

/** The parts of a Fastify instance that are used. */
export interface FastifyInstanceLike {
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => unknown,
  ): unknown;
}

/** What Fastify hands to a hook. */
export type FastifyArguments = readonly [request: FastifyRequestLike, reply: FastifyReplyLike];
