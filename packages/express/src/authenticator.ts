import type { IncomingMessage, ServerResponse } from 'node:http';
import { Authenticator, memberOf } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';

/** What Express hands to a middleware, in the words of Node: the types fit Express 4 and 5 alike. */
export type ExpressArguments = readonly [req: IncomingMessage, res: ServerResponse, next: NextFunction];

/** Hands the request on, or to the error handlers. */
export type NextFunction = (failure?: unknown) => void;

/** What Express and its body parsers add to a request. */
export type ExpressRequest = IncomingMessage & { originalUrl?: string; body?: unknown; auth?: unknown };

/** The one memory of this adapter: who was admitted with which request. */
export const authenticator: Authenticator<ExpressArguments, ExpressRequest> = new Authenticator({
  identityOf: (req) => req,
  read: (req) =>
    fromIncomingMessage(req, {
      url: memberOf(req, 'originalUrl') as string | undefined,
      body: memberOf(req, 'body'),
    }),
});
