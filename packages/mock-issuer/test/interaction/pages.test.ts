import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { callback, pkce, redeem, requestOf, sentTo, startServer, visit } from '../flow.js';

const { challenge, verifier } = pkce();

async function open(issuer: MockIssuer, changes: Parameters<typeof requestOf>[1] = {}) {
  const response = await visit(issuer, requestOf(challenge, changes));
  const page = await response.text();
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page) ?? [];
  const [, interaction = ''] = /name="interaction" value="([^"]*)"/.exec(page) ?? [];
  return { response, page, action, interaction, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

function press(action: string, form: Record<string, string>, cookie: string): Promise<Response> {
  return fetch(action, { method: 'POST', body: new URLSearchParams(form), headers: { cookie }, redirect: 'manual' });
}

const start = (options = {}) => startServer({ interaction: 'pages', ...options });

test('[IS-AZ-13] a user picks who to be, allows, and is sent back by 303', async () => {
  const issuer = await start();
  const { response, page, action, interaction, cookie } = await open(issuer, { login_hint: 'bob' });
  expect(response.status).toBe(200);
  expect(page).toContain('<strong>web</strong>');
  expect(page).toContain('read write');
  expect(page).toMatch(/value="ada"> Ada/);
  expect(page).toMatch(/value="bob" checked> bob/);
  const answer = await press(action, { interaction, user: 'bob', decision: 'allow' }, cookie);
  expect(answer.status).toBe(303);
  const { address, told } = sentTo(answer);
  expect({ address, told }).toMatchObject({ address: callback, told: { state: 'xyz', iss: issuer.issuer } });
  const { body } = await redeem(issuer, String(told['code']), verifier);
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ sub: 'bob' });
});

test('a user who denies is sent back with access_denied', async () => {
  const issuer = await start();
  const { action, interaction, cookie } = await open(issuer);
  const { address, told } = sentTo(await press(action, { interaction, user: 'ada', decision: 'deny' }, cookie));
  expect({ address, told }).toMatchObject({ address: callback, told: { error: 'access_denied', state: 'xyz' } });
});

test.each(['', 'mock_issuer_browser=x', `mock_issuer_browser=${'a'.repeat(43)}`])(
  'nobody says yes for a browser that was shown another page: the cookie %j',
  async (cookie) => {
    const issuer = await start();
    const page = await open(issuer);
    const form = { interaction: page.interaction, user: 'ada', decision: 'allow' };
    const forged = await press(page.action, form, cookie);
    expect([forged.status, forged.headers.get('location')]).toEqual([400, null]);
    expect((await press(page.action, form, page.cookie)).status).toBe(303);
  },
);

test('a page is answered once, and within ten minutes', async () => {
  const issuer = await start();
  const [once, late] = [await open(issuer), await open(issuer)];
  const answer = (page: typeof once) => ({ interaction: page.interaction, user: 'ada', decision: 'allow' });
  expect((await press(once.action, answer(once), once.cookie)).status).toBe(303);
  expect((await press(once.action, answer(once), once.cookie)).status).toBe(400);
  issuer.clock.advance(601);
  const response = await press(late.action, answer(late), late.cookie);
  expect(await response.text()).toContain('too long');
});

test.each([{ decision: '' }, { decision: 'maybe' }, { interaction: '' }, { interaction: 'x' }])(
  'an answer with %j is a page and no redirect',
  async (changes) => {
    const issuer = await start();
    const { action, interaction, cookie } = await open(issuer);
    const response = await press(action, { interaction, user: 'ada', decision: 'allow', ...changes }, cookie);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(response.headers.get('content-type')).toContain('text/html');
  },
);

test('a user nobody knows is not signed in', async () => {
  const issuer = await start();
  const { action, interaction, cookie } = await open(issuer);
  const { told } = sentTo(await press(action, { interaction, user: 'eve', decision: 'allow' }, cookie));
  expect(told).toMatchObject({ error: 'login_required' });
});

test('the browser keeps its name, in a cookie that no script reads and no other site sends', async () => {
  const issuer = await start();
  const { response, cookie } = await open(issuer);
  expect(response.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
  const url = `${issuer.authorizationEndpoint}?${new URLSearchParams(requestOf(challenge))}`;
  const again = await fetch(url, { headers: { cookie: `a=b; ${cookie}` } });
  expect(again.headers.get('set-cookie')).toContain(cookie);
});

test('[IS-AZ-14] what the request says is text on the page, and no frame holds it', async () => {
  const name = '<img src=x onerror=alert(1)>&"\'';
  const clients = [{ client_id: 'web', client_secret: 's', client_name: name, redirect_uris: [callback] }];
  const { page, response } = await open(await start({ clients }), { scope: '<script>' });
  expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;&#38;&#34;&#39;');
  expect(page).toContain('&#60;script&#62;');
  expect(page).not.toContain('<img');
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
});

test('prompt none shows no page', async () => {
  const { told } = sentTo(await visit(await start(), requestOf(challenge, { prompt: 'none' })));
  expect(told).toMatchObject({ error: 'login_required' });
});

test('wrong requests show no page either', async () => {
  const { told } = sentTo(await visit(await start(), requestOf(challenge, { scope: 'admin' })));
  expect(told).toMatchObject({ error: 'invalid_scope' });
});
