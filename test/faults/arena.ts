import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { vi } from 'vitest';
import { type FrozenClock, frozenClock } from '../../packages/core/test/support-network/frozen-clock.js';
import {
  answer,
  type ScriptedServer,
  scriptedServer,
} from '../../packages/core/test/support-network/scripted-server.js';
import type { Harness, Running } from '../suite/harness.js';
import { audience } from '../suite/world.js';
import { clientOf } from './client.js';
import type { Fault } from './faults.js';

/** How long one document and one request may take: so long that nothing healthy is ever late, on a busy machine. */
export const timeoutSeconds = 5;
/** The same where a fault never ends and would cost as much. */
export const shortTimeoutSeconds = 0.3;
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
  readonly running: Running;
  readonly answers: readonly Answered[];
  /** The key server behaves so from now on. */
  suffer(fault: Pick<Fault, 'reply'>): void;
  /** Makes the key server well again, once nothing that it began while it was not is still on its way. */
  heal(): Promise<void>;
  /** What is served when all is well, to a request with this text. Default: the issuer's key set. */
  publish(document: (request: string) => object): void;
  good(): Promise<string>;
  ask(token: string, isGood: boolean): Promise<Answered>;
  askGood(): Promise<Answered>;
  /** A kid nobody has, and a signature by another key: neither may ever be let in. */
  askForged(): Promise<readonly [unknownKid: Answered, foreignSignature: Answered]>;
  /** Comes to an end only when the application has closed every connection that it opened. */
  close(): Promise<void>;
}

/** What stands before the application does. */
interface Ground {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clock: FrozenClock;
}

/** What a test lays over the options that lead to the key server. */
interface Overlay {
  readonly options: Partial<ResourceServerOptions>;
  /** The issuer that tokens name. Default: the mock issuer's own name. */
  readonly issuerName?: string;
  /** A good token. Default: the mock issuer mints one. */
  good?(): Promise<string>;
  /** Done when the application is closed. */
  close?(): Promise<void>;
}

/** Tokens outlive every test. */
const expiresInSeconds = 24 * 3600;

export async function openFaultArena(
  harness: Harness,
  layOver: (ground: Ground) => Overlay | Promise<Overlay> = () => ({ options: {} }),
): Promise<FaultArena> {
  const clock = frozenClock();
  const issuer = await createMockIssuer({ alg: 'ES256', audience, clock });
  await issuer.keys.current();
  let fault: Pick<Fault, 'reply'> | undefined;
  let published: (request: string) => object = () => issuer.jwks;
  const decoy = await scriptedServer((socket, head) => socket.end(answer(200, {}, JSON.stringify(published(head)))));
  const keys = await scriptedServer((socket, head) => {
    const set = JSON.stringify(published(head));
    if (fault === undefined) socket.end(answer(200, {}, set));
    else fault.reply(socket, set, decoy.origin);
  });
  const jwksUri = `${keys.origin}/jwks`;
  const overlay = await layOver({ issuer: issuer.issuer, jwksUri, clock });
  const running = await harness.start({
    issuer: { issuer: issuer.issuer, jwksUri },
    audience,
    clock,
    keys: { timeoutSeconds },
    ...overlay.options,
  });
  const client = clientOf(running);
  const answers: Answered[] = [];
  const request = () => ({ expiresInSeconds, claims: { iss: overlay.issuerName ?? issuer.issuer } });
  const good = overlay.good ?? (() => issuer.token(request()));
  const ask = async (token: string, isGood: boolean) => {
    const { status, line } = await client.ask(token);
    const wait = line('retry-after');
    const retryAfter = wait === undefined ? undefined : Number(wait);
    const answered = { isGood, status, challenge: line('www-authenticate'), retryAfter };
    answers.push(answered);
    return answered;
  };
  return {
    issuer,
    clock,
    keys,
    decoy,
    running,
    answers,
    good,
    ask,
    suffer(next) {
      fault = next;
    },
    async heal() {
      await keys.allGone();
      await turns();
      fault = undefined;
    },
    publish(document) {
      published = document;
    },
    askGood: async () => ask(await good(), true),
    askForged: async () => [
      await ask(await issuer.bad.unknownKey(request()), false),
      await ask(await issuer.bad.foreignSignature(request()), false),
    ],
    async close() {
      client.close();
      await running.close();
      // What the application left open would keep this from coming to an end.
      await keys.allGone();
      await Promise.all([keys.close(), decoy.close(), issuer.close(), overlay.close?.()]);
    },
  };
}

/** The other end of a connection that has changed is in this process, and still has to take note. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}

/** Waits until something is seen to have happened; fails where it does not. */
export async function until(happened: () => boolean): Promise<void> {
  await vi.waitUntil(happened, { timeout: 5000, interval: 1 });
}
