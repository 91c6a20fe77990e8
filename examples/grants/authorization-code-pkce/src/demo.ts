/*
 * A web app with a server side. The user signs in at the issuer, the browser returns with a code,
 * and the server redeems it. The OAuth code is in sign-in.ts, the routes and the session in
 * web-app.ts. With --serve all servers keep running, to be tried in a browser.
 */
import type { MockIssuer } from '@resource-server/mock-issuer';
import { statusOf } from 'example-stage/answers';
import { Browser } from 'example-stage/browser';
import { stay, tellStory } from 'example-stage/story';
import { openWorld } from './world.js';

const title = 'Authorization code with PKCE: a web app with a server side';

if (process.argv.includes('--serve')) {
  await stay(title, async (teller) => {
    const { webApp, api, issuer } = await openWorld(teller);
    return `Open ${webApp} and sign in. Issuer: ${issuer.issuer}, API: ${api}. Ctrl-C stops all three.`;
  });
} else {
  await tellStory(title, async (teller) => {
    const { say, expect } = teller;
    const { issuer, api, webApp } = await openWorld(teller);
    const refreshes = () => issuer.requests.count('token');

    say('Ada signs in');
    expect('the API, without a token', await statusOf(`${api}/reports`), 401);
    const ada = new Browser();
    const asked = await ada.open(`${webApp}/reports`);
    expect('her browser opens the reports, and is redirected to the issuer', asked.url.origin, issuer.issuer);
    const cookieBefore = (await ada.cookies(webApp))['reports_session'];
    const reports = await asked.press('Allow', { user: 'ada' });
    expect('she allows it, and is redirected to the reports', reports.url.href, `${webApp}/reports`);
    expect('the page, for which the web app calls the API with her token', reports.status, 200);
    expect('the page shows the reports of Ada', reports.text.includes('Reports of ada'), true);
    const seen = [...ada.visited, reports.text, ...Object.values(await ada.cookies(webApp))].join(' ');
    expect('a token in any page, address or cookie of her browser', seen.includes('eyJ'), false);
    const cookieAfter = (await ada.cookies(webApp))['reports_session'];
    expect('the session id was replaced at the sign-in', ![undefined, cookieBefore].includes(cookieAfter), true);

    say('The access token expires after five minutes');
    issuer.clock.advance(331);
    const before = refreshes();
    const tabs = await Promise.all([1, 2, 3].map(() => ada.open(`${webApp}/reports`)));
    expect(
      'three concurrent requests afterwards',
      tabs.map(({ status }) => status),
      [200, 200, 200],
    );
    expect('refreshes that they needed', refreshes() - before, 1);

    say('Authorization responses that do not belong to a request of this browser');
    const callback = ada.visited.find(({ pathname }) => pathname === '/callback') as URL;
    const comeBack = (changes: Record<string, string | undefined>) => comeBackWith(changes, { issuer, webApp });
    expect('her own response, in a browser without a sign-in', (await new Browser().open(callback)).status, 400);
    expect('another state', await comeBack({ state: 'guessed' }), 400);
    expect('no state', await comeBack({ state: undefined }), 400);
    expect('another issuer', await comeBack({ iss: 'https://evil.example' }), 400);
    expect('no issuer', await comeBack({ iss: undefined }), 400);
    expect('another code', await comeBack({ code: 'guessed' }), 400);
    expect('for comparison: the right response', await comeBack({}), 200);

    say('Grace denies access, and Ada signs out');
    const grace = await new Browser().open(`${webApp}/login`);
    expect('the web app, after the denial', (await grace.press('Deny')).status, 403);
    const home = await tabs[0]?.press('Sign out');
    expect('Ada signs out, and is redirected to the front page', home?.url.href, `${webApp}/`);
    expect('revocation requests at the issuer', issuer.requests.count('revocation'), 1);
    expect(
      'her browser opens the reports again, and is redirected to the issuer',
      (await ada.open(`${webApp}/reports`)).url.origin,
      issuer.issuer,
    );
  });
}

/**
 * Starts a sign-in, and returns to the web app with the issuer's response, except for `changes`.
 */
async function comeBackWith(
  changes: Readonly<Record<string, string | undefined>>,
  { issuer, webApp }: { readonly issuer: MockIssuer; readonly webApp: string },
): Promise<number> {
  const browser = new Browser();
  const { searchParams } = (await browser.open(`${webApp}/login`)).url;
  const { state = '', code_challenge = '' } = Object.fromEntries(searchParams);
  const answer = await issuer.authorize({ client: 'reports-web', user: 'grace', state, codeChallenge: code_challenge });
  const back = new URL(answer.url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) back.searchParams.delete(name);
    else back.searchParams.set(name, value);
  }
  return (await browser.open(back)).status;
}
