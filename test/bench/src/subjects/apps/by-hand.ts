import type { RequestHandler } from 'express';

/** The code that applications write around a library that returns the claims or throws. */
export function guardByHand(verify: (token: string) => Promise<unknown>): RequestHandler {
  return async (req, res, next) => {
    try {
      const [scheme, token = ''] = (req.headers.authorization ?? '').split(' ');
      if (scheme !== 'Bearer') throw new Error('no bearer token');
      res.locals['claims'] = await verify(token);
    } catch {
      res.status(401).json({ error: 'invalid_token' });
      return;
    }
    next();
  };
}
