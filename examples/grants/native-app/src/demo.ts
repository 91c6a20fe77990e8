/*
 * An app on the user's own machine. It has no client secret and no address on the web. The browser
 * returns to a loopback port, and with PKCE an intercepted code is useless. The OAuth code is in
 * sign-in.ts.
 */
import { createMockIssuer } from '@resource-server/mock-issuer';
import { refusalOf, statusOf } from 'example-stage/answers';
import { Browser, textOf } from 'example-stage/browser';
import { tellStory } from 'example-stage/story';
import { createApi } from './api.js';
import { signIn } from './sign-in.js';

const audience = 'https://notes.example.com';

await tellStory('A native app: the loopback redirect of RFC 8252', async ({ listen, say, expect, onEnd }) => {
  const issuer = await createMockIssuer({
    audience,
    interaction: 'pages',
    users: [{ sub: 'ada', name: 'Ada' }],
    clients: [
      {
        client_id: 'notes-app',
        client_name: 'Notes',
        token_endpoint_auth_method: 'none',
        // Without a port: for a loopback IP address the issuer accepts any port (RFC 8252 section
        // 7.3).
        redirect_uris: ['http://127.0.0.1/callback'],
        scope: 'notes',
      },
    ],
  });
  onEnd(() => issuer.close());
  const api = await listen(createApi({ issuer: issuer.issuer, audience }).callback());
  const app = { issuer: issuer.issuer, clientId: 'notes-app', scope: 'notes' };
  const notes = (token?: string) => statusOf(`${api}/notes`, token);

  say('Ada signs in');
  const browser = new Browser();
  const { access_token } = await signIn({ ...app, openBrowser: (url) => answer(browser, url, 'Allow') });
  const callback = browser.visited.at(-1) as URL;
  expect('the API, without a token', await notes(), 401);
  expect('the API, with the token of the app', await notes(access_token), 200);
  expect('the last address of her browser', callback.href.replace(/:\d+|\?.*/g, ''), 'http://127.0.0.1/callback');
  expect('the port is closed after the response', await refusalOf(fetch(callback)).then(hasEnded), true);
  const other = new Browser();
  await signIn({ ...app, openBrowser: (url) => answer(other, url, 'Allow') });
  expect('the next sign-in uses another port', other.visited.at(-1)?.port !== callback.port, true);

  say('Ada denies access');
  const denied = signIn({ ...app, openBrowser: (url) => answer(new Browser(), url, 'Deny') });
  expect('the error in the app', await refusalOf(denied), 'access_denied: the user said no');

  say('Another program on this machine sends responses to the port');
  const strays: number[] = [];
  const undeterred = await signIn({
    ...app,
    async openBrowser(url) {
      const { redirect_uri, state = '' } = Object.fromEntries(url.searchParams);
      const stray = (forged: Record<string, string>) => statusOf(`${redirect_uri}?${new URLSearchParams(forged)}`);
      strays.push(await stray({ code: 'theirs', state: 'guessed', iss: issuer.issuer }));
      strays.push(await stray({ code: 'theirs', state, iss: 'https://evil.example' }));
      await answer(browser, url, 'Allow');
    },
  });
  expect('one with another state, and one from another issuer', strays, [400, 400]);
  expect('the app still waits: the API, with its token afterwards', await notes(undeterred.access_token), 200);

  say('An attacker intercepts the code');
  let theft = '';
  const robbed = await signIn({
    ...app,
    async openBrowser(url) {
      const { redirect_uri = '', state = '', code_challenge = '' } = Object.fromEntries(url.searchParams);
      const asked = { redirectUri: redirect_uri, state, codeChallenge: code_challenge };
      const { code, url: back } = await issuer.authorize({ client: 'notes-app', user: 'ada', ...asked });
      theft = await redeemed(issuer.tokenEndpoint, code);
      await fetch(back);
    },
  });
  const useless = 'invalid_grant: the code_verifier is not the one whose SHA-256 is the code_challenge';
  expect('the attacker redeems it with another verifier', theft, useless);
  expect('the app redeems it: the API, with its token', await notes(robbed.access_token), 200);

  say('Another app uses the same client_id with another redirect URI');
  const elsewhere = new URL(issuer.authorizationEndpoint);
  elsewhere.search = `${new URLSearchParams({ client_id: 'notes-app', redirect_uri: 'http://localhost:4711/callback' })}`;
  const page = await new Browser().open(elsewhere);
  const none =
    "invalid_request: the redirect_uri 'http://localhost:4711/callback' is none of those of the client 'notes-app': http://127.0.0.1/callback";
  expect('with localhost, a name that can resolve to another machine', page.status, 400);
  expect('the issuer shows the error, and does not redirect', textOf(page.text), none);
});

/** The user opens the page of the issuer and presses a button. */
async function answer(browser: Browser, url: URL, button: 'Allow' | 'Deny'): Promise<void> {
  const page = await browser.open(url);
  await page.press(button);
}

/** The token response to an attacker who has the code of a public client, but not its verifier. */
async function redeemed(tokenEndpoint: string, code: string): Promise<string> {
  const form = { grant_type: 'authorization_code', client_id: 'notes-app', code, code_verifier: 'x'.repeat(43) };
  const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
  const { error, error_description } = (await response.json()) as Record<string, string>;
  return `${error}: ${error_description}`;
}

function hasEnded(message: string): boolean {
  return message.startsWith('fetch failed');
}
