import { expect, it } from 'vitest';
import { LruResolutionCache } from '../../src/cache/resolution-cache.js';
import { ConfigurationError } from '../../src/errors.js';
import { Refusal } from '../../src/model/refusal.js';
import { ResolvedIssuers } from '../../src/token/resolved-issuers.js';
import { frozenClock } from '../support-network/frozen-clock.js';

const issuer = 'https://tenant.example';

function issuersThat(resolve: () => Promise<(() => string) | undefined>, timeoutSeconds = 60): ResolvedIssuers<string> {
  const settings = { resolve, trustedSeconds: 600, refusedSeconds: 30, timeoutSeconds };
  return new ResolvedIssuers(settings, new LruResolutionCache<string>(), frozenClock());
}

async function refusalOf(
  resolve: () => Promise<(() => string) | undefined>,
  timeoutSeconds?: number,
): Promise<Refusal> {
  const found = await issuersThat(resolve, timeoutSeconds).find({ issuer });
  if (found instanceof Refusal) return found;
  throw new Error('not refused');
}

it('the refusal of a failed resolver call has the issuer and the cause', async () => {
  const cause = new Error('no database');
  const refusal = await refusalOf(() => Promise.reject(cause));
  expect(refusal).toMatchObject({ code: 'callback_failed', fields: { cause } });
  expect(refusal.detail).toEqual({
    expected: 'issuer.resolve() to return a result; it threw',
    found: JSON.stringify(issuer),
  });
});

it('the refusal of invalid resolver settings names the option', async () => {
  const wrong = new ConfigurationError('issuer.resolve().audience', 'is required');
  const refusal = await refusalOf(() => Promise.reject(wrong));
  expect(refusal.detail).toEqual({
    expected: 'issuer.resolve().audience: is required',
    found: JSON.stringify(issuer),
  });
});

it('settings that cannot become an issuer yield callback_failed, and are not cached', async () => {
  let isBroken = true;
  const issuers = issuersThat(async () => () => {
    if (isBroken) throw new ConfigurationError('issuer.resolve().jwks', 'has no usable key');
    return 'made';
  });
  expect(await issuers.find({ issuer })).toMatchObject({ code: 'callback_failed' });
  isBroken = false;
  expect(await issuers.find({ issuer })).toBe('made');
});

it('the refusal of a resolver call that times out has Retry-After 1', async () => {
  const refusal = await refusalOf(() => new Promise(() => {}), 0.02);
  expect(refusal).toMatchObject({ code: 'issuer_unresolved', fields: { retryAfterSeconds: 1 } });
  expect(refusal.detail).toEqual({
    expected: 'issuer.resolve() to return a result in time',
    found: JSON.stringify(issuer),
  });
});

it('a resolver that answers within the timeout is accepted', async () => {
  const slowly = () => new Promise<() => string>((resolve) => setTimeout(() => resolve(() => 'made'), 20));
  expect(await issuersThat(slowly, 10).find({ issuer })).toBe('made');
});

it('resolved issuers are not fetched by ready(), trusted or not', async () => {
  const issuers = issuersThat(async () => () => 'made');
  await issuers.find({ issuer });
  expect([...issuers.trusted()]).toEqual([[issuer, 'made']]);
  expect([...issuers.configured()]).toEqual([]);
});
