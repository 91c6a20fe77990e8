import type { IncomingMessage, ServerResponse } from 'node:http';
import { Authenticator, memberOf } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';

/** The arguments of an Express middleware, as Node's types, which fit Express 4 and 5. */
export type ExpressArguments = readonly [req: IncomingMessage, res: ServerResponse, next: NextFunction];

/** Calls the next handler, or with an argument the error handlers. */
export type NextFunction = (failure?: unknown) => void;

/** The properties that Express and its body parsers add to a request. */
export type ExpressRequest = IncomingMessage & { originalUrl?: string; body?: unknown; auth?: unknown };

/** Stores the result of `auth()` for each request of this adapter. */
export const authenticator: Authenticator<ExpressArguments, ExpressRequest> = new Authenticator({
  identityOf: (req) => req,
  read: (req) =>
    fromIncomingMessage(req, {
      url: memberOf(req, 'originalUrl') as string | undefined,
      body: memberOf(req, 'body'),
    }),
});
