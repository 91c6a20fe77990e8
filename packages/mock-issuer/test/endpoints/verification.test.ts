import { describe, expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { codesOf, poll, refused, startDevices } from '../device/devices.js';

const enter = (uri: string, user_code: string, headers: Record<string, string> = {}) =>
  fetch(uri, { method: 'POST', body: new URLSearchParams({ user_code }), headers, redirect: 'manual' });

/** What a page has in it, and how its form is answered. */
async function read(response: Response) {
  const page = await response.text();
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page) ?? [];
  const [, interaction = ''] = /name="interaction" value="([^"]*)"/.exec(page) ?? [];
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const press = (changes: Record<string, string> = {}, sent = cookie) =>
    fetch(action, {
      method: 'POST',
      body: new URLSearchParams({ interaction, user: 'ada', decision: 'allow', ...changes }),
      headers: { cookie: sent },
      redirect: 'manual',
    });
  return { status: response.status, page, action, press };
}

const pending = refused('authorization_pending', /./);
const errorOf = async (issuer: MockIssuer, deviceCode: string) => {
  issuer.clock.advance(5);
  return (await poll(issuer, deviceCode)).body['error'];
};

describe('with pages', () => {
  const start = () => startDevices({ interaction: 'pages' });

  test('[IS-DC-4] the user types the code, is asked who and whether, and the device gets its tokens', async () => {
    const issuer = await start();
    const { deviceCode, userCode, uri } = await codesOf(issuer, { scope: 'read' });
    const entry = await read(await fetch(uri));
    expect([entry.status, entry.action]).toEqual([200, uri]);
    expect(entry.page).toContain('name="user_code"');
    const question = await read(await enter(uri, userCode.toLowerCase().replace('-', ' ')));
    expect(question.page).toContain('<strong>cli</strong>');
    expect(question.page).toContain(`<strong>${userCode}</strong>`);
    expect(question.page).toContain('<code>read</code>');
    expect(question.action).toBe(`${uri}/interaction`);
    expect(await poll(issuer, deviceCode)).toMatchObject(pending);
    const done = await read(await question.press({ user: 'bob' }));
    expect([done.status, done.page]).toEqual([200, expect.stringContaining(userCode)]);
    const { status, body } = await poll(issuer, deviceCode);
    expect(status).toBe(200);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ sub: 'bob', scope: 'read' });
  });

  test('[IS-DC-5] the complete address shows the code all the same, and allows nothing by itself', async () => {
    const issuer = await start();
    const { deviceCode, userCode, complete } = await codesOf(issuer);
    const question = await read(await fetch(complete));
    expect(question.page).toContain(`<strong>${userCode}</strong>`);
    expect(await poll(issuer, deviceCode)).toMatchObject(pending);
    await question.press();
    expect((await poll(issuer, deviceCode)).status).toBe(200);
  });

  test('a user who denies turns the device away', async () => {
    const issuer = await start();
    const { deviceCode, complete } = await codesOf(issuer);
    const answer = await (await read(await fetch(complete))).press({ decision: 'deny' });
    expect(await answer.text()).toContain('turned away');
    expect(await errorOf(issuer, deviceCode)).toBe('access_denied');
  });

  test.each(['', 'mock_issuer_browser=x', `mock_issuer_browser=${'a'.repeat(43)}`])(
    'nobody lets a device in for a browser that was shown another page: the cookie %j',
    async (cookie) => {
      const issuer = await start();
      const { deviceCode, complete } = await codesOf(issuer);
      const question = await read(await fetch(complete));
      expect((await question.press({}, cookie)).status).toBe(400);
      expect(await errorOf(issuer, deviceCode)).toBe('authorization_pending');
      expect((await question.press()).status).toBe(200);
      expect(await errorOf(issuer, deviceCode)).toBeUndefined();
    },
  );

  test('a page is answered once, within ten minutes, with yes or no', async () => {
    const issuer = await startDevices({ interaction: 'pages', lifetimes: { deviceCodeSeconds: 3600 } });
    const { deviceCode, complete } = await codesOf(issuer);
    const [first, second] = [await read(await fetch(complete)), await read(await fetch(complete))];
    expect((await first.press({ decision: 'maybe' })).status).toBe(400);
    issuer.clock.advance(601);
    expect(await (await first.press()).text()).toContain('left open for too long');
    const third = await read(await fetch(complete));
    expect((await third.press()).status).toBe(200);
    expect((await third.press()).status).toBe(400);
    expect((await second.press()).status).toBe(400);
    expect((await poll(issuer, deviceCode)).status).toBe(200);
  });

  test('the answer to an authorization request lets no device in, nor the other way round', async () => {
    const issuer = await start();
    const { deviceCode, complete } = await codesOf(issuer);
    const question = await read(await fetch(complete));
    const crossed = await question.press({ interaction: 'x' });
    expect(crossed.status).toBe(400);
    const elsewhere = await fetch(`${issuer.authorizationEndpoint}/interaction`, {
      method: 'POST',
      body: new URLSearchParams({
        interaction: /value="([\w-]{43})"/.exec(question.page)?.[1] ?? '',
        decision: 'allow',
      }),
      redirect: 'manual',
    });
    expect(elsewhere.status).toBe(400);
    expect(await errorOf(issuer, deviceCode)).toBe('authorization_pending');
  });

  test('a device that was answered or is over meanwhile stays as it is', async () => {
    const issuer = await startDevices({ interaction: 'pages', lifetimes: { deviceCodeSeconds: 60 } });
    const [answered, over] = [await codesOf(issuer), await codesOf(issuer)];
    const [one, other] = [await read(await fetch(answered.complete)), await read(await fetch(over.complete))];
    issuer.device.deny(answered.userCode);
    expect(await (await one.press()).text()).toContain('used before');
    expect(await errorOf(issuer, answered.deviceCode)).toBe('access_denied');
    issuer.clock.advance(60);
    expect(await (await other.press()).text()).toContain('expired');
  });

  test('a user nobody knows is not signed in', async () => {
    const issuer = await start();
    const { deviceCode, complete } = await codesOf(issuer);
    const answer = await (await read(await fetch(complete))).press({ user: 'eve' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('login_required')]);
    expect(await errorOf(issuer, deviceCode)).toBe('authorization_pending');
  });
});

describe('without pages', () => {
  test('a device waits until somebody goes to the complete address, which is to say yes', async () => {
    const issuer = await startDevices();
    const { deviceCode, userCode, uri, complete } = await codesOf(issuer);
    expect(await poll(issuer, deviceCode)).toMatchObject(pending);
    expect((await fetch(uri)).status).toBe(200);
    expect(await errorOf(issuer, deviceCode)).toBe('authorization_pending');
    const done = await fetch(complete);
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining(userCode)]);
    const { body } = await poll(issuer, deviceCode);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, sub: 'ada' });
  });

  test('typing the code says yes, too', async () => {
    const issuer = await startDevices();
    const { deviceCode, userCode, uri } = await codesOf(issuer);
    expect((await enter(uri, userCode)).status).toBe(200);
    expect((await poll(issuer, deviceCode)).status).toBe(200);
  });
});

test('[IS-DC-4] after ten wrong codes none is looked at for a minute, the right one neither', async () => {
  const issuer = await startDevices({ seed: 'a clock that stands still' });
  const { deviceCode, userCode, uri, complete } = await codesOf(issuer);
  for (let round = 0; round < 10; round++) {
    const response = await (round % 2 === 0
      ? enter(uri, `BBBB-BBB${'BCDFGHJKLM'[round]}`)
      : fetch(`${uri}?user_code=x`));
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('no device shows')]);
  }
  for (const response of [await enter(uri, userCode), await fetch(complete)]) {
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
  }
  expect(await errorOf(issuer, deviceCode)).toBe('authorization_pending');
  issuer.clock.advance(54);
  expect((await enter(uri, userCode)).status).toBe(429);
  issuer.clock.advance(1);
  expect((await enter(uri, userCode)).status).toBe(200);
  expect(await errorOf(issuer, deviceCode)).toBeUndefined();
});

test('right codes do not count as wrong ones, and a reset forgets those', async () => {
  const issuer = await startDevices();
  for (let round = 0; round < 12; round++) {
    const { complete } = await codesOf(issuer);
    expect((await fetch(complete)).status).toBe(200);
    expect((await fetch(complete)).status).toBe(400);
  }
  for (let round = 0; round < 11; round++) await fetch(`${issuer.issuer}/device?user_code=x`);
  const { complete } = await codesOf(issuer);
  expect((await fetch(complete)).status).toBe(429);
  issuer.reset();
  expect((await fetch((await codesOf(issuer)).complete)).status).toBe(200);
});

test('[IS-AZ-14] what is typed is text on the page, and no frame holds it', async () => {
  const issuer = await startDevices();
  const response = await enter(`${issuer.issuer}/device`, '<img src=x onerror=alert(1)>');
  const page = await response.text();
  expect(page).toContain('&#60;img');
  expect(page).not.toContain('<img');
  expect(response.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
  const twice = await fetch(`${issuer.issuer}/device?user_code=a&user_code=b`);
  expect([twice.status, twice.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
});

test('an issuer with a path has its pages below it, and its cookie there', async () => {
  const issuer = await startDevices({ interaction: 'pages', path: '/tenant-1' });
  const { complete } = await codesOf(issuer);
  expect(complete).toContain('/tenant-1/device?user_code=');
  expect((await fetch(complete)).headers.get('set-cookie')).toMatch(/; Path=\/tenant-1; HttpOnly; SameSite=Lax$/);
});
