import { expect, test } from 'vitest';
import { createMockClock } from '../src/index.js';
import { post, stateOf } from './caller.js';
import { startIssuer, verify } from './referee.js';

test('after a reset introspection knows none of the tokens issued before, JWT or opaque, and all of those issued since', async () => {
  const issuer = await startIssuer();
  const issue = () => Promise.all([issuer.token(), issuer.token({ format: 'opaque' })]);
  const earlier = await issue();
  issuer.reset();
  for (const token of earlier) expect(await stateOf(issuer, token)).toEqual({ active: false });
  for (const token of await issue()) expect(await stateOf(issuer, token)).toMatchObject({ active: true });
});

test('a reset ends faults, forgets requests and takes the clock back', async () => {
  const issuer = await startIssuer();
  issuer.faults.jwks('500');
  issuer.clock.advance(3600);
  expect((await fetch(issuer.jwksUri)).status).toBe(500);
  issuer.reset();
  expect(issuer.requests.count('jwks')).toBe(0);
  expect(issuer.requests.last('jwks')).toBeUndefined();
  expect((await fetch(issuer.jwksUri)).status).toBe(200);
  expect(Math.abs(issuer.clock.now() - Date.now())).toBeLessThan(1000);
});

test('a reset leaves the keys as they are, those that a test rotated or withdrew too', async () => {
  const issuer = await startIssuer();
  const { kid } = await issuer.keys.current();
  const token = await issuer.token();
  const next = await issuer.keys.rotate();
  issuer.keys.withdraw(kid);
  issuer.reset();
  expect(issuer.jwks.keys.map((key) => key.kid)).toEqual([next]);
  await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('a place in the status list is never taken twice, since servers under test remember the list', async () => {
  const issuer = await startIssuer();
  const earlier = await issuer.token({ status: 'suspended' });
  issuer.reset();
  const later = await issuer.token({ status: 'valid' });
  expect(issuer.statusList.get(later)).toBe(0);
  expect(() => issuer.statusList.get(earlier)).toThrow(RangeError);
});

test('a clock that cannot be reset is left alone', async () => {
  const { now, monotonic, advance } = createMockClock();
  const issuer = await startIssuer({ clock: { now, monotonic, advance } });
  issuer.clock.advance(3600);
  issuer.reset();
  expect(issuer.clock.now() - Date.now()).toBeGreaterThan(3_590_000);
});

test('after a reset no code and no refresh token of before is good for anything', async () => {
  const redirect = 'http://127.0.0.1/cb';
  const issuer = await startIssuer({
    clients: [
      {
        client_id: 'spa',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirect],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
  });
  const authorize = () => issuer.authorize({ client: 'spa' });
  const { refresh_token = '' } = await (await authorize()).tokens();
  const { code, codeVerifier = '' } = await authorize();
  const ask = async (form: Record<string, string>) =>
    (await post(issuer.tokenEndpoint, { client_id: 'spa', ...form })).json();
  issuer.reset();
  expect(await ask({ grant_type: 'refresh_token', refresh_token })).toMatchObject({
    error: 'invalid_grant',
  });
  expect(await ask({ grant_type: 'authorization_code', code, code_verifier: codeVerifier })).toMatchObject({
    error: 'invalid_grant',
  });
});
