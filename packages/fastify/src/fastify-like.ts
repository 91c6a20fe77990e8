import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/*
 * The parts of Fastify that are used, in types that fit every kind of server: Fastify's own differ between
 * HTTP/1.1 and HTTP/2, and a hook typed for one would not compile on the other.
 */

export interface FastifyRequestLike {
  readonly raw: IncomingMessage | Http2ServerRequest;
  readonly originalUrl: string;
  readonly body?: unknown;
  readonly routeOptions: { readonly config?: unknown };
}

export interface FastifyReplyLike {
  readonly raw: ServerResponse | Http2ServerResponse;
  readonly sent: boolean;
  code(status: number): this;
  header(name: string, value: string | string[]): this;
  send(body: Buffer): this;
  hijack(): this;
  then(fulfilled: () => void, rejected: (failure: Error) => void): void;
}

export interface FastifyInstanceLike {
  addHook(name: 'onRequest', hook: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

/** What Fastify hands to a hook. */
export type FastifyArguments = readonly [request: FastifyRequestLike, reply: FastifyReplyLike];
