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

/** A web app with a server side: the browser has a session cookie, and never a token. */
export function createWebApp(signIn: SignIn, redirectUri: string, api: string): Express {
  /** By session, in this process: several processes need a store that they share, and turns in refreshing. */
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
    if (pending === undefined) throw new ClientError('nobody of this browser is signing in');
    const user = await signIn.finish(new URL(req.originalUrl, redirectUri), pending);
    // Another session: whoever planted the old one's cookie in this browser is not signed in by that.
    await renew(req);
    signedIn.set(req.sessionID, user);
    res.redirect('/reports');
  });

  app.get('/reports', async (req, res) => {
    const user = signedIn.get(req.sessionID);
    if (user === undefined) return res.redirect('/login');
    const headers = { authorization: `Bearer ${await user.accessToken()}` };
    const answer = await fetch(`${api}/reports`, { headers });
    if (!answer.ok) throw new Error(`the API answers ${answer.status}`);
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
      res.status(400).send(problemPage('This is not the answer to what we asked.', error.message));
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
    // Lax: it comes along when the issuer sends the browser back, and not with other sites' forms. At https, secure: true as well.
    cookie: { httpOnly: true, sameSite: 'lax' },
  });
}

function renew(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
