import { randomBytes } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import session from 'express-session';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { homePage, problemPage, type Reports, reportsPage } from './pages.js';
import type { Pending, SignedIn, SignIn } from './sign-in.js';

declare module 'express-session' {
  interface SessionData {
    pending: Pending;
  }
}

/** A web app with a server side: the browser gets a session cookie and no token. */
export function createWebApp(signIn: SignIn, redirectUri: string, api: string): Express {
  /** By session id, in memory. Several processes need a shared store, and a lock for refreshing. */
  const signedIn = new Map<string, SignedIn>();
  const app = express();
  app.use(sessions());

  app.get('/', (req, res) => {
    res.send(homePage(signedIn.has(req.sessionID)));
  });

  app.get('/login', async (req, res) => {
    const { url, pending } = await signIn.start();
    req.session.pending = pending;
    res.redirect(url.href);
  });

  app.get('/callback', async (req, res) => {
    const { pending } = req.session;
    if (pending === undefined) throw new ClientError('this browser has not started a sign-in');
    const user = await signIn.finish(new URL(req.originalUrl, redirectUri), pending);
    // A new session id: otherwise an attacker who has planted the old cookie would be signed in
    // too.
    await renew(req);
    signedIn.set(req.sessionID, user);
    res.redirect('/reports');
  });

  app.get('/reports', async (req, res) => {
    const user = signedIn.get(req.sessionID);
    if (user === undefined) return res.redirect('/login');
    const headers = { authorization: `Bearer ${await user.accessToken()}` };
    const answer = await fetch(`${api}/reports`, { headers });
    if (!answer.ok) throw new Error(`the API responded with ${answer.status}`);
    return res.send(reportsPage((await answer.json()) as Reports));
  });

  app.post('/logout', async (req, res) => {
    const user = signedIn.get(req.sessionID);
    signedIn.delete(req.sessionID);
    await renew(req);
    await user?.end();
    res.redirect('/');
  });

  const onError: ErrorRequestHandler = (error, req, res, next) => {
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant' && signedIn.delete(req.sessionID)) {
      res.redirect('/login');
    } else if (error instanceof AuthorizationResponseError) {
      res.status(403).send(problemPage('You are not signed in.', error.error));
    } else if (error instanceof ClientError || error instanceof ResponseBodyError) {
      res.status(400).send(problemPage('This response does not belong to your sign-in.', error.message));
    } else next(error);
  };
  app.use(onError);
  return app;
}

function sessions(): ReturnType<typeof session> {
  return session({
    name: 'reports_session',
    secret: randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    // Lax: sent when the issuer redirects the browser back, not with forms of other sites. With
    // https, add secure: true.
    cookie: { httpOnly: true, sameSite: 'lax' },
  });
}

function renew(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
