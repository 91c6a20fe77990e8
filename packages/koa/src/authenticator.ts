import type { IncomingMessage, ServerResponse } from 'node:http';
import { Authenticator, memberOf } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';

/** The parts of a Koa context that are used, so that the types fit Koa 2 and 3 and need neither. */
export interface KoaContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** The target as received, where a mount has shortened `url`. */
  readonly originalUrl: string;
  readonly request: object;
  readonly state: object;
  /** `false` where the application answers past Koa. */
  readonly respond?: boolean | undefined;
  status: number;
  body: unknown;
  set(name: string, value: string | string[]): void;
}

/** Runs what comes behind. */
export type Next = () => Promise<unknown>;

/** What Koa hands to a middleware. */
export type KoaArguments = readonly [ctx: KoaContext, next: Next];

/** The one memory of this adapter: who was admitted with which request. */
export const authenticator: Authenticator<KoaArguments, KoaContext> = new Authenticator({
  identityOf: ({ req }) => req,
  read: ({ req, request, originalUrl }) =>
    fromIncomingMessage(req, { url: originalUrl, body: memberOf(request, 'body') }),
});
