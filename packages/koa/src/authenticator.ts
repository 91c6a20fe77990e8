import type { IncomingMessage, ServerResponse } from 'node:http';
import { Authenticator, memberOf } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';

/** The members of a Koa context that are used. The type fits Koa 2 and 3, and imports neither. */
export interface KoaContext {
  /** Node's request. */
  readonly req: IncomingMessage;
  /** Node's response. */
  readonly res: ServerResponse;
  /** Request target as received, where a mount has shortened `url`. */
  readonly originalUrl: string;
  /** Koa's request, with `body` where a body parser has run. */
  readonly request: object;
  /** The object in which middleware shares data. */
  readonly state: object;
  /** `false` where the application writes the response itself, without Koa. */
  readonly respond?: boolean | undefined;
  /** HTTP status of the response. */
  status: number;
  /** Body of the response. */
  body: unknown;
  /** Sets a header of the response. */
  set(name: string, value: string | string[]): void;
}

/** Runs the following middleware. */
export type Next = () => Promise<unknown>;

/** The arguments of a Koa middleware. */
export type KoaArguments = readonly [ctx: KoaContext, next: Next];

/** Stores the result of `auth()` for each request of this adapter. */
export const authenticator: Authenticator<KoaArguments, KoaContext> = new Authenticator({
  identityOf: ({ req }) => req,
  read: ({ req, request, originalUrl }) =>
    fromIncomingMessage(req, { url: originalUrl, body: memberOf(request, 'body') }),
});
