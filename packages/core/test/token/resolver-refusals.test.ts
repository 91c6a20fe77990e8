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

it('an operator reads which issuer the application failed to answer about, and the cause', async () => {
  const cause = new Error('no database');
  const refusal = await refusalOf(() => Promise.reject(cause));
  expect(refusal).toMatchObject({ code: 'callback_failed', fields: { cause } });
  expect(refusal.detail).toEqual({ expected: 'issuer.resolve() to answer', found: JSON.stringify(issuer) });
});

it('an operator reads which option of an answer is wrong', async () => {
  const wrong = new ConfigurationError('issuer.resolve().audience', 'must be given');
  const refusal = await refusalOf(() => Promise.reject(wrong));
  expect(refusal.detail).toEqual({
    expected: 'issuer.resolve().audience: must be given',
    found: JSON.stringify(issuer),
  });
});

it('an answer of which no issuer can be made is a failure as well, and is not remembered', async () => {
  let isBroken = true;
  const issuers = issuersThat(async () => () => {
    if (isBroken) throw new ConfigurationError('issuer.resolve().jwks', 'has no usable key');
    return 'made';
  });
  expect(await issuers.find({ issuer })).toMatchObject({ code: 'callback_failed' });
  isBroken = false;
  expect(await issuers.find({ issuer })).toBe('made');
});

it('one that does not answer in time is asked again in a second', async () => {
  const refusal = await refusalOf(() => new Promise(() => {}), 0.02);
  expect(refusal).toMatchObject({ code: 'issuer_unresolved', fields: { retryAfterSeconds: 1 } });
  expect(refusal.detail).toEqual({ expected: 'issuer.resolve() to answer in time', found: JSON.stringify(issuer) });
});

it('an answer that takes a moment is in time', async () => {
  const slowly = () => new Promise<() => string>((resolve) => setTimeout(() => resolve(() => 'made'), 20));
  expect(await issuersThat(slowly, 10).find({ issuer })).toBe('made');
});

it('nobody is wanted before anybody comes, whoever was trusted', async () => {
  const issuers = issuersThat(async () => () => 'made');
  await issuers.find({ issuer });
  expect([...issuers.trusted()]).toEqual([[issuer, 'made']]);
  expect([...issuers.configured()]).toEqual([]);
});
