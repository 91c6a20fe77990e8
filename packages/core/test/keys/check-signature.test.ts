import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import type { JsonObject } from '../../src/jws/json.js';
import { Malformed } from '../../src/jws/malformed.js';
import type { PublicKey } from '../../src/jws/public-key.js';
import { checkSignature } from '../../src/keys/check-signature.js';
import { importKeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import type { KeySource } from '../../src/model/ports.js';
import { Refusal } from '../../src/model/refusal.js';
import { Credential, ParsedToken, SignedToken } from '../../src/model/stages.js';
import { parseToken } from '../../src/token/parse-token.js';
import { keyRules } from '../support/key-rules.js';
import { passed } from '../support/verdict.js';

/** Returns the outcome unchanged: the continuation that checkSignature expects. */
const same = <T>(outcome: T): T => outcome;

let issuer: MockIssuer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
});

afterAll(() => issuer.close());

function parsed(token: string): ParsedToken {
  const outcome = parseToken(new Credential('Bearer', token), { maxTokenBytes: 65_536 });
  if (!(outcome instanceof ParsedToken)) throw new Error('not a JWS');
  return outcome;
}

function sourceOf({ jwks }: MockIssuer): KeySource {
  const set = importKeySet({ keys: jwks.keys.map((jwk) => ({ ...jwk }) as unknown as JsonObject) }, keyRules());
  if (set instanceof Malformed) throw new Error(set.reason);
  return new StaticKeySource(set);
}

async function outcome(token: string, algorithms: readonly KeyAlgorithm[] = ['ES256']): Promise<string> {
  const settings = { algorithms: new Set(algorithms), keys: sourceOf(issuer) };
  const checked = await checkSignature(parsed(token), settings, new VerificationQueue(), same);
  return checked instanceof Refusal ? checked.code : 'signed';
}

/** A queue that returns these answers in order and records the keys it was called with. */
function scriptedQueue(...answers: readonly unknown[]) {
  const left = [...answers];
  const verify = vi.fn((_key: PublicKey) => left.shift() as never);
  return { queue: { verify } as unknown as VerificationQueue, keys: () => verify.mock.calls.map(([key]) => key) };
}

describe('result of the signature verification', () => {
  it.each([undefined, null, 1, 'true', {}, [], new Boolean(true)])(
    'a verification result of %j instead of true refuses the token with signature_invalid (D-15)',
    async (answer) => {
      const settings = { algorithms: new Set<KeyAlgorithm>(['ES256']), keys: sourceOf(issuer) };
      const token = parsed(await issuer.token());
      expect(await checkSignature(token, settings, scriptedQueue(answer).queue, same)).toMatchObject({
        code: 'signature_invalid',
      });
      expect(await checkSignature(token, settings, scriptedQueue(true).queue, same)).toBeInstanceOf(SignedToken);
    },
  );

  it('a verification that is refused for overload is passed on, and no replacement is looked for (D-29)', async () => {
    const overloaded = new Refusal('verification_overloaded');
    const keys = { ...sourceOf(issuer), find: sourceOf(issuer).find.bind(sourceOf(issuer)), findReplacement: vi.fn() };
    const settings = { algorithms: new Set<KeyAlgorithm>(['ES256']), keys };
    const token = parsed(await issuer.token());
    expect(await checkSignature(token, settings, scriptedQueue(overloaded).queue, same)).toBe(overloaded);
    expect(keys.findReplacement).not.toHaveBeenCalled();
  });

  it('a request that has waited for its key looks for no replacement when the signature fails (D-19)', async () => {
    const source = sourceOf(issuer);
    const findReplacement = vi.fn();
    const keys = { ...source, find: async (query: ParsedToken) => source.find(query), findReplacement } as never;
    const settings = { algorithms: new Set<KeyAlgorithm>(['ES256']), keys };
    const token = parsed(await issuer.bad.foreignSignature());
    expect(await checkSignature(token, settings, new VerificationQueue(), same)).toMatchObject({
      code: 'signature_invalid',
    });
    expect(findReplacement).not.toHaveBeenCalled();
  });

  it('a failed signature is verified once more, with one other key of the issuer (D-17)', async () => {
    const [first, second] = [await createMockIssuer({ alg: 'ES256' }), issuer].map(sourceOf);
    const token = parsed(await issuer.token({ header: { kid: undefined } }));
    const key = passed(await (second as KeySource).find(token));
    const failed = passed(await (first as KeySource).find(token));
    const source = (replacement: unknown): KeySource => ({
      find: () => failed,
      findReplacement: () => replacement as never,
      ready: async () => undefined,
      status: () => ({ keys: 'given', fetches: 0 }),
      snapshot: () => undefined,
    });
    const verified = async (replacement: unknown, ...answers: readonly unknown[]) => {
      const scripted = scriptedQueue(...answers);
      const settings = { algorithms: new Set<KeyAlgorithm>(['ES256']), keys: source(replacement) };
      const outcome = await checkSignature(token, settings, scripted.queue, same);
      return [outcome instanceof Refusal ? outcome.code : outcome.key, scripted.keys()];
    };
    expect(await verified(key, false, true)).toEqual([key, [failed, key]]);
    expect(await verified(key, false, false)).toEqual(['signature_invalid', [failed, key]]);
    expect(await verified(undefined, false, true)).toEqual(['signature_invalid', [failed]]);
    expect(await verified(new Refusal('keys_unavailable'), false, true)).toEqual(['keys_unavailable', [failed]]);
    expect(await verified(key, true)).toEqual([failed, [failed]]);
  });
});

describe('signature check', () => {
  it('a token signed by the issuer is accepted', async () => {
    expect(await outcome(await issuer.token())).toBe('signed');
  });

  it.each(['tampered', 'tamperedSignature', 'strippedSignature', 'foreignSignature'] as const)(
    'a token that is %s is refused with signature_invalid (D-15)',
    async (name) => {
      expect(await outcome(await issuer.bad[name]())).toBe('signature_invalid');
    },
  );

  it.each(['unknownKey', 'forgedKid'] as const)(
    'a token with %s is refused with key_unknown; its signature is not verified (D-15)',
    async (name) => {
      expect(await outcome(await issuer.bad[name]())).toBe('key_unknown');
    },
  );

  it.each(['algNone', 'hmacWithPublicKey'] as const)(
    'a token with %s is refused before a key is selected (D-13)',
    async (name) => {
      const keys: KeySource = {
        find: () => {
          throw new Error('a key was selected');
        },
        findReplacement: () => undefined,
        ready: async () => undefined,
        status: () => ({ keys: 'given', fetches: 0 }),
        snapshot: () => undefined,
      };
      const settings = { algorithms: new Set<KeyAlgorithm>(['ES256']), keys };
      const queue = new VerificationQueue();
      const refused = await checkSignature(parsed(await issuer.bad[name]()), settings, queue, same);
      expect(refused).toMatchObject({ code: 'algorithm_refused' });
      const good = parsed(await issuer.token());
      expect(() => checkSignature(good, settings, queue, same)).toThrow('a key was selected');
    },
  );

  it('an algorithm that is not configured for the issuer is refused, although the key would fit (D-13)', async () => {
    const token = await issuer.token();
    expect(await outcome(token, ['RS256', 'Ed25519'])).toBe('algorithm_refused');
    expect(await outcome(token, ['RS256', 'ES256'])).toBe('signed');
  });
});
