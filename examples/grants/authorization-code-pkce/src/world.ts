import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import type { Teller } from 'example-stage/story';
import type { Express } from 'express';
import { createApi } from './api.js';
import { SignIn } from './sign-in.js';
import { createWebApp } from './web-app.js';

/** All servers of this example, listening on loopback. */
export interface World {
  readonly issuer: MockIssuer;
  readonly api: string;
  readonly webApp: string;
}

const audience = 'https://reports.example.com';

/** Starts the issuer, the API and the web app, each as its own HTTP server. */
export async function openWorld({ listen, onEnd }: Pick<Teller, 'listen' | 'onEnd'>): Promise<World> {
  // The registration needs the address of the web app, and the web app needs the registration.
  let app: Express | undefined;
  const webApp = await listen((req, res) => app?.(req, res));
  const redirectUri = `${webApp}/callback`;
  const credentials = { clientId: 'reports-web', clientSecret: 'a-secret-of-the-web-app' };
  const issuer = await createMockIssuer({
    audience,
    interaction: 'pages',
    users: [
      { sub: 'ada', name: 'Ada' },
      { sub: 'grace', name: 'Grace' },
    ],
    clients: [
      {
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        client_name: 'Reports',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'reports:read',
      },
    ],
  });
  onEnd(() => issuer.close());
  const { clock } = issuer;
  const guarded = await createApi({ issuer: issuer.issuer, audience, clock });
  onEnd(() => guarded.close());
  const api = await listen((req, res) => guarded.routing(req, res));
  const registration = { ...credentials, issuer: issuer.issuer, redirectUri, scope: 'reports:read' };
  app = createWebApp(await SignIn.at({ ...registration, now: () => clock.now() }), redirectUri, api);
  return { issuer, api, webApp };
}
