/*
 * An app on somebody's own machine. It has no secret and no address on the web: the browser comes back to a loopback port, and PKCE
 * makes the code useless to whoever else gets hold of it. All of its OAuth is in sign-in.ts.
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
        // Without a port: the issuer takes any port of a loopback IP, and of nothing else.
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
  expect('the API, with the token that the app got', await notes(access_token), 200);
  expect('where her browser ended', callback.href.replace(/:\d+|\?.*/g, ''), 'http://127.0.0.1/callback');
  expect('that port, when the app has its answer', await refusalOf(fetch(callback)).then(hasEnded), true);
  const other = new Browser();
  await signIn({ ...app, openBrowser: (url) => answer(other, url, 'Allow') });
  expect('another time it is another port', other.visited.at(-1)?.port !== callback.port, true);

  say('Ada says no');
  const denied = signIn({ ...app, openBrowser: (url) => answer(new Browser(), url, 'Deny') });
  expect('what the app is told', await refusalOf(denied), 'access_denied: the user said no');

  say('Somebody else on this machine sends answers of their own to the port');
  const strays: number[] = [];
  const undeterred = await signIn({
    ...app,
    async openBrowser(url) {
      const { redirect_uri, state = '' } = Object.fromEntries(url.searchParams);
      const stray = (said: Record<string, string>) => statusOf(`${redirect_uri}?${new URLSearchParams(said)}`);
      strays.push(await stray({ code: 'theirs', state: 'guessed', iss: issuer.issuer }));
      strays.push(await stray({ code: 'theirs', state, iss: 'https://evil.example' }));
      await answer(browser, url, 'Allow');
    },
  });
  expect('one with another state, and one of another issuer', strays, [400, 400]);
  expect('the app went on waiting: the API, with its token', await notes(undeterred.access_token), 200);

  say('Somebody else gets the code');
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
  expect('what they get for it, with a verifier of their own', theft, useless);
  expect('the app redeems it: the API, with its token', await notes(robbed.access_token), 200);

  say('An app of the same name sends people elsewhere');
  const elsewhere = new URL(issuer.authorizationEndpoint);
  elsewhere.search = `${new URLSearchParams({ client_id: 'notes-app', redirect_uri: 'http://localhost:4711/callback' })}`;
  const page = await new Browser().open(elsewhere);
  const none =
    "invalid_request: the redirect_uri 'http://localhost:4711/callback' is none of those of the client 'notes-app': http://127.0.0.1/callback";
  expect('to localhost, a name that need not mean this machine', page.status, 400);
  expect('that is told on a page, and nobody is sent there', textOf(page.text), none);
});

/** Ada, who sees the issuer's page and presses a button. */
async function answer(browser: Browser, url: URL, button: 'Allow' | 'Deny'): Promise<void> {
  const page = await browser.open(url);
  await page.press(button);
}

/** What a thief gets who has the code of a public client, and not its verifier. */
async function redeemed(tokenEndpoint: string, code: string): Promise<string> {
  const form = { grant_type: 'authorization_code', client_id: 'notes-app', code, code_verifier: 'x'.repeat(43) };
  const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
  const { error, error_description } = (await response.json()) as Record<string, string>;
  return `${error}: ${error_description}`;
}

function hasEnded(message: string): boolean {
  return message.startsWith('fetch failed');
}
