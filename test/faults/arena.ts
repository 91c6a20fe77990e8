import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { expect } from 'vitest';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import {
  answer,
  type ScriptedServer,
  scriptedServer,
} from '../../packages/core/test/support-network/scripted-server.js';
import type { Harness, Running } from '../suite/harness.js';
import { coreHarness } from '../suite/harnesses/core.js';
import { express5Harness } from '../suite/harnesses/express.js';
import { audience } from '../suite/world.js';
import type { Fault } from './faults.js';

/** Core alone and one adapter: what lies between them is the suite's matter. */
export const harnesses: readonly Harness[] = [coreHarness, express5Harness];

/** How long one document and one request may take. */
export const timeoutSeconds = 0.3;
/** No jitter is in these tests: a set is fresh for 600 s and usable for 3600 more. */
export const freshSeconds = 600;
export const staleMaxSeconds = 3600;

/** What came back for a token, and whether that token was good. */
export interface Answered {
  readonly isGood: boolean;
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: number | undefined;
}

/** A key server that has faults, an application that depends on it, and a book of every answer. */
export interface FaultArena {
  readonly issuer: MockIssuer;
  readonly clock: FrozenClock;
  readonly keys: ScriptedServer;
  readonly decoy: ScriptedServer;
  readonly answers: readonly Answered[];
  /** The key server behaves so from now on. */
  suffer(fault: Fault): void;
  /** Makes the key server well again, once nothing that it began while it was not is still on its way. */
  heal(): Promise<void>;
  /** The set that is served when all is well. Default: the issuer's. */
  publish(set: () => object): void;
  good(): Promise<string>;
  ask(token: string, isGood: boolean): Promise<Answered>;
  askGood(): Promise<Answered>;
  /** A kid nobody has, and a signature by another key: neither may ever be let in. */
  askForged(): Promise<readonly [unknownKid: Answered, foreignSignature: Answered]>;
  close(): Promise<void>;
}

/** What a test lays over the options that lead to the key server. */
export interface Overlay {
  /** Done when the key server stands and before the application does. */
  prepare?(jwksUri: string, clock: FrozenClock): Promise<void>;
  options(): Partial<ResourceServerOptions>;
}

export async function openFaultArena(
  harness: Harness,
  overlay: (issuer: MockIssuer) => Overlay = () => ({ options: () => ({}) }),
): Promise<FaultArena> {
  const clock = frozenClock();
  const issuer = await createMockIssuer({ alg: 'ES256', audience, clock });
  await issuer.keys.current();
  let fault: Fault | undefined;
  let published: () => object = () => issuer.jwks;
  const decoy = await scriptedServer((socket) => socket.end(answer(200, {}, JSON.stringify(published()))));
  const keys = await scriptedServer((socket) => {
    const set = JSON.stringify(published());
    if (fault === undefined) socket.end(answer(200, {}, set));
    else fault.reply(socket, set, decoy.origin);
  });
  const jwksUri = `${keys.origin}/jwks`;
  const { prepare, options } = overlay(issuer);
  await prepare?.(jwksUri, clock);
  const running: Running = await harness.start({
    issuer: { issuer: issuer.issuer, jwksUri },
    audience,
    clock,
    keys: { timeoutSeconds },
    ...options(),
  });
  const answers: Answered[] = [];
  const good = () => issuer.token({ expiresInSeconds: 24 * 3600 });
  const ask = async (token: string, isGood: boolean) => {
    const { status, headers } = await running.send({ headers: [['Authorization', `Bearer ${token}`]] });
    const line = (name: string) => headers.find(([candidate]) => candidate === name)?.[1];
    const wait = line('retry-after');
    const answered = {
      isGood,
      status,
      challenge: line('www-authenticate'),
      retryAfter: wait === undefined ? undefined : Number(wait),
    };
    answers.push(answered);
    return answered;
  };
  return {
    issuer,
    clock,
    keys,
    decoy,
    answers,
    good,
    ask,
    suffer(next) {
      fault = next;
    },
    async heal() {
      await keys.allGone();
      // The other end of those connections is in this process, and still has to take note.
      for (let turn = 0; turn < 10; turn++) await nextTurn();
      fault = undefined;
    },
    publish(set) {
      published = set;
    },
    askGood: async () => ask(await good(), true),
    askForged: async () => [
      await ask(await issuer.bad.unknownKey({ expiresInSeconds: 24 * 3600 }), false),
      await ask(await issuer.bad.foreignSignature({ expiresInSeconds: 24 * 3600 }), false),
    ],
    async close() {
      await running.close();
      // What the application left open would keep this from coming to an end.
      await keys.allGone();
      await Promise.all([keys.close(), decoy.close(), issuer.close()]);
    },
  };
}

/** What holds after every fault. `mayRefuse`: the issuer itself has taken the good key back. */
export function expectInvariant({ answers, decoy }: FaultArena, mayRefuse = false): void {
  const forged = answers.filter(({ isGood }) => !isGood);
  expect(forged.filter(({ status }) => status !== 401 && status !== 503)).toEqual([]);
  const good = answers.filter(({ isGood }) => isGood);
  const allowed = mayRefuse ? [200, 401, 503] : [200, 503];
  expect(good.filter(({ status }) => !allowed.includes(status))).toEqual([]);
  for (const { status, challenge, retryAfter } of answers) {
    if (status === 401) expect(challenge).toMatch(/^Bearer realm="api", error="invalid_token"/);
    else expect(challenge).toBeUndefined();
    if (status === 503) expect(retryAfter).toBeGreaterThanOrEqual(1);
    if (status === 503) expect(retryAfter).toBeLessThanOrEqual(120);
  }
  expect(decoy.connections).toBe(0);
}
