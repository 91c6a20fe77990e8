import { expect, test } from 'vitest';
import { askForTokens, stateOf } from '../caller.js';
import { codesOf, grantType, poll, refused, startDevices, tv } from '../device/devices.js';
import { verify } from '../referee.js';

const reports = 'https://reports.example.com';

test('[IS-DC-3] once the user has said yes, the device gets tokens for what it asked for', async () => {
  const issuer = await startDevices({ resources: [reports], authorizationDetailsTypes: ['pay'] });
  const details = [{ type: 'pay' }];
  const wanted = { scope: 'read', resource: reports, authorization_details: JSON.stringify(details) };
  const { deviceCode, userCode } = await codesOf(issuer, wanted);
  issuer.device.approve(userCode, { user: 'bob' });
  const { status, headers, body } = await poll(issuer, deviceCode);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'read',
    authorization_details: details,
    refresh_token: expect.any(String),
  });
  const { payload } = await verify(issuer, String(body['access_token']), { audience: reports, subject: 'bob' });
  expect(payload).toMatchObject({ client_id: 'cli', scope: 'read', auth_time: expect.any(Number) });
  const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  expect((await askForTokens(issuer, refresh, 'cli')).status).toBe(200);
});

test('a client that may not refresh gets no refresh token, and names no resource that was not granted', async () => {
  const issuer = await startDevices({ resources: [reports] });
  const { deviceCode, userCode } = await codesOf(issuer, {}, tv);
  issuer.device.approve(userCode);
  expect(await poll(issuer, deviceCode, tv, { resource: reports })).toMatchObject(refused('invalid_target', /reports/));
  const { body } = await poll(issuer, deviceCode, tv);
  expect(body).toMatchObject({ scope: 'read write' });
  expect(body).not.toHaveProperty('refresh_token');
});

test('[IS-DC-2] a device waits until its user answers, and is told so at the right pace', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  for (let round = 0; round < 3; round++) {
    expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /not answered/));
    issuer.clock.advance(5);
  }
  issuer.device.approve(userCode);
  expect((await poll(issuer, deviceCode)).status).toBe(200);
});

test('[IS-DC-2] who comes too soon is slowed down by five seconds, each time and for good', async () => {
  const issuer = await startDevices({ seed: 'a clock that stands still' });
  const { deviceCode } = await codesOf(issuer);
  const after = async (seconds: number) => {
    issuer.clock.advance(seconds);
    const { status, body } = await poll(issuer, deviceCode);
    return [status, body['error']];
  };
  const [pending, slow] = [
    [400, 'authorization_pending'],
    [400, 'slow_down'],
  ];
  expect(await after(0)).toEqual(pending);
  expect(await after(4)).toEqual(slow);
  expect(await after(9)).toEqual(slow);
  expect(await after(15)).toEqual(pending);
  expect(await after(14)).toEqual(slow);
  expect(await after(20)).toEqual(pending);
});

test('an answer is told at once, however soon the device comes for it', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /./));
  issuer.device.approve(userCode);
  expect((await poll(issuer, deviceCode)).status).toBe(200);
});

test('[IS-DC-2] a device whose user said no is told so', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  issuer.device.deny(userCode);
  for (let round = 0; round < 2; round++) {
    expect(await poll(issuer, deviceCode)).toMatchObject(refused('access_denied', /said no/));
  }
});

test.each([false, true])('[IS-DC-2] a device code is good for ten minutes, approved or not: %s', async (approved) => {
  const issuer = await startDevices({ seed: 'a clock that stands still' });
  const [early, late] = [await codesOf(issuer), await codesOf(issuer)];
  if (approved) for (const { userCode } of [early, late]) issuer.device.approve(userCode);
  issuer.clock.advance(599);
  expect((await poll(issuer, early.deviceCode)).body['error']).toBe(approved ? undefined : 'authorization_pending');
  issuer.clock.advance(3);
  expect(await poll(issuer, late.deviceCode)).toMatchObject(refused('expired_token', /expired 2 seconds ago/));
});

test('[IS-DC-2] who waits by a clock that went back has not come too soon', async () => {
  const issuer = await startDevices();
  issuer.clock.advance(300);
  const { deviceCode } = await codesOf(issuer);
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /./));
  issuer.clock.reset?.();
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /./));
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('slow_down', /the last request was [01] seconds ago/));
});

test('[IS-DC-3] a device code is good once', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  issuer.device.approve(userCode);
  const { body } = await poll(issuer, deviceCode);
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('invalid_grant', /used before/));
  expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true });
});

test('of two uses at once one is the second', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  issuer.device.approve(userCode);
  const answers = await Promise.all([poll(issuer, deviceCode), poll(issuer, deviceCode)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test('[IS-DC-3] a device code is of no use to another client, and is not slowed down when one tries', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  expect(await poll(issuer, deviceCode, 'other')).toMatchObject(
    refused('invalid_grant', /another client: to 'cli', and not to 'other'/),
  );
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /./));
  issuer.device.approve(userCode);
  expect(await poll(issuer, deviceCode, 'other')).toMatchObject(refused('invalid_grant', /another client/));
  expect((await poll(issuer, deviceCode)).status).toBe(200);
});

test('what was never issued, what is missing, and who may not are refused each by its code', async () => {
  const issuer = await startDevices();
  const { userCode } = await codesOf(issuer);
  expect(await poll(issuer, 'x')).toMatchObject(refused('invalid_grant', /no such device_code/));
  expect(await poll(issuer, userCode)).toMatchObject(refused('invalid_grant', /no such device_code/));
  expect(await poll(issuer, '')).toMatchObject(refused('invalid_request', /device_code is missing/));
  expect(await poll(issuer, 'x', 'spa')).toMatchObject(refused('unauthorized_client', /not registered for the grant/));
  expect((await askForTokens(issuer, { grant_type: grantType, device_code: 'x' })).status).toBe(401);
});
