import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HeaderCache } from '../src/cache/header-cache.js';
import { Auth } from '../src/model/auth.js';
import type { KeySource } from '../src/model/ports.js';
import { Refusal } from '../src/model/refusal.js';
import { Credential, VerifiedToken } from '../src/model/stages.js';
import { parseOptions } from '../src/options/parse-options.js';
import { Pipeline } from '../src/pipeline.js';
import { ConfiguredIssuers } from '../src/token/configured-issuers.js';
import { buildIssuerDirectory } from '../src/trusted-issuers.js';
import { audience, jwksOf } from './support-network/ask.js';
import { ScriptedFetcher } from './support-network/scripted-fetcher.js';

let issuer: MockIssuer;
let pipeline: Pipeline<unknown>;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  const settings = parseOptions<unknown>({
    issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) },
    audience,
    clock: issuer.clock,
  });
  pipeline = new Pipeline(buildIssuerDirectory(settings, new ScriptedFetcher()), settings);
});

afterAll(() => issuer.close());

async function verified(token: string): Promise<VerifiedToken> {
  const outcome = await pipeline.verify(new Credential('Bearer', token));
  if (outcome instanceof Refusal) throw new Error(outcome.code);
  return outcome;
}

function headerOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
}

async function refused(work: unknown): Promise<Refusal> {
  const outcome = await work;
  if (outcome instanceof Refusal) return outcome;
  throw new Error('not refused');
}

describe('the verify and authenticate steps of the pipeline', () => {
  it('verify accepts expired and bound tokens, since authenticate checks time and binding', async () => {
    for (const token of [await issuer.token(), await issuer.bad.expired(), await issuer.bad.boundToKey()]) {
      expect(await verified(token)).toBeInstanceOf(VerifiedToken);
    }
  });

  it('authenticate refuses an expired token and a token that is bound to a key', async () => {
    expect(await pipeline.authenticate(await verified(await issuer.token()))).toBeInstanceOf(Auth);
    expect((await refused(pipeline.authenticate(await verified(await issuer.bad.expired())))).code).toBe(
      'token_expired',
    );
    expect((await refused(pipeline.authenticate(await verified(await issuer.bad.boundToKey())))).code).toBe(
      'binding_unsupported',
    );
  });

  it('authenticate accepts a verified token before its expiry and refuses it afterwards', async () => {
    const token = await verified(await issuer.token({ expiresInSeconds: 10 }));
    expect(await pipeline.authenticate(token)).toBeInstanceOf(Auth);
    issuer.clock.advance(3600);
    expect((await refused(pipeline.authenticate(token))).code).toBe('token_expired');
  });

  it('a refusal names the issuer only after the issuer was found to be trusted', async () => {
    const contextOf = async (token: string) =>
      (await refused(pipeline.verify(new Credential('Bearer', token)))).context.issuer;
    expect(await contextOf(await issuer.bad.opaque())).toBeUndefined();
    expect(await contextOf(await issuer.bad.wrongIssuer())).toBeUndefined();
    expect(await contextOf(await issuer.bad.algNone())).toBe(issuer.issuer);
    expect(await contextOf(await issuer.bad.tampered())).toBe(issuer.issuer);
    expect(await contextOf(await issuer.bad.wrongAudience())).toBe(issuer.issuer);
    const expired = await verified(await issuer.bad.expired());
    expect((await refused(pipeline.authenticate(expired))).context.issuer).toBe(issuer.issuer);
  });

  it('the token header is cached only after its signature was verified', async () => {
    const set = vi.spyOn(HeaderCache.prototype, 'set');
    onTestFinished(() => set.mockRestore());
    for (const token of [await issuer.bad.foreignSignature(), await issuer.bad.unknownKey()]) {
      await refused(pipeline.verify(new Credential('Bearer', token)));
    }
    expect(set).not.toHaveBeenCalled();
    const token = await issuer.token();
    await verified(token);
    expect(set).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ header: headerOf(token) }));
  });

  it('verify rejects with the error of a key source that throws, instead of returning signature_invalid', async () => {
    const settings = parseOptions<unknown>({ issuer: issuer.issuer, audience, clock: issuer.clock });
    const [trusted] = [...new Map(buildIssuerDirectory(settings, new ScriptedFetcher()).trusted()).values()];
    if (trusted === undefined) throw new Error('no issuer');
    const find = () => Promise.reject(new Error('broken'));
    const keys: KeySource = {
      find,
      findReplacement: () => undefined,
      ready: async () => undefined,
      status: () => ({ keys: 'given', fetches: 0 }),
      snapshot: () => undefined,
    };
    const broken = { ...trusted, signature: { ...trusted.signature, keys } };
    const directory = new ConfiguredIssuers(new Map([[issuer.issuer, broken]]));
    const token = new Credential('Bearer', await issuer.token());
    await expect(new Pipeline(directory, settings).verify(token)).rejects.toThrow('broken');
  });
});
