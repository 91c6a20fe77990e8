import { expect, test } from 'vitest';
import { typedUserCode } from '../../src/device/user-code.js';
import { OAuthError } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { codesOf, poll, refused, startDevices } from './devices.js';

test('those that wait are listed, the oldest first, until they are answered or over', async () => {
  const issuer = await startDevices();
  const [one, two, three] = [await codesOf(issuer), await codesOf(issuer), await codesOf(issuer)];
  expect(issuer.device.pending()).toEqual([one.userCode, two.userCode, three.userCode]);
  issuer.device.approve(two.userCode);
  issuer.device.deny(one.userCode);
  expect(issuer.device.pending()).toEqual([three.userCode]);
  issuer.clock.advance(601);
  expect(issuer.device.pending()).toEqual([]);
});

test('the first user approves unless another one is named', async () => {
  const issuer = await startDevices();
  for (const [approval, sub] of [
    [undefined, 'ada'],
    [{ user: 'bob' }, 'bob'],
  ] as const) {
    const { deviceCode, userCode } = await codesOf(issuer);
    issuer.device.approve(userCode, approval);
    const { body } = await poll(issuer, deviceCode);
    expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ active: true, sub });
  }
});

test('[IS-DC-4] a code is taken in lower case, without its dash, with spaces and other marks', async () => {
  const issuer = await startDevices();
  for (const written of [
    (code: string) => code.toLowerCase(),
    (code: string) => code.replace('-', ''),
    (code: string) => ` ${code.split('').join(' ')}. `,
    (code: string) => code.replace('-', '\u2013'),
  ]) {
    const { userCode } = await codesOf(issuer);
    expect(() => issuer.device.approve(written(userCode))).not.toThrow();
  }
  expect(typedUserCode('wdjb-mjht')).toBe('WDJBMJHT');
  expect(typedUserCode('\u017f\u00df\u212a AEIOU 0123')).toBe('');
});

test('a code is answered once, and in time', async () => {
  const issuer = await startDevices();
  const [once, late] = [await codesOf(issuer), await codesOf(issuer)];
  issuer.device.approve(once.userCode);
  expect(() => issuer.device.deny(once.userCode)).toThrow(/was used before/);
  issuer.clock.advance(601);
  expect(() => issuer.device.approve(late.userCode)).toThrow(/expired/);
  expect(() => issuer.device.approve('BBBB-BBBB')).toThrow(/no device shows/);
  expect(() => issuer.device.approve('BBBB-BBBB')).toThrow(OAuthError);
});

test('mistakes are named, and leave the device waiting', async () => {
  const issuer = await startDevices();
  const { deviceCode, userCode } = await codesOf(issuer);
  expect(() => issuer.device.approve(userCode, { user: 'eve' })).toThrow(/no user 'eve'; there is ada bob/);
  expect(() => issuer.device.approve(userCode, { name: 'ada' } as object)).toThrow(TypeError);
  expect(() => issuer.device.approve(undefined as unknown as string)).toThrow(TypeError);
  expect(() => issuer.device.deny('')).toThrow(TypeError);
  expect(await poll(issuer, deviceCode)).toMatchObject(refused('authorization_pending', /./));
});

test('a reset forgets devices, those that wait and those that were approved', async () => {
  const issuer = await startDevices();
  const [waiting, approved] = [await codesOf(issuer), await codesOf(issuer)];
  issuer.device.approve(approved.userCode);
  issuer.reset();
  expect(issuer.device.pending()).toEqual([]);
  for (const { deviceCode } of [waiting, approved]) {
    expect(await poll(issuer, deviceCode)).toMatchObject(refused('invalid_grant', /no such device_code/));
  }
});
