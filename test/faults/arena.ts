import { setImmediate as nextImmediate } from 'node:timers/promises';
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

/**
 * Timeout of one document and of one request. Long enough for a healthy server on a busy machine.
 */
export const timeoutSeconds = 5;
/**
 * The timeout for faults that only a timeout ends: each such test takes as long as this timeout.
 */
export const shortTimeoutSeconds = 0.3;
/** These tests have no jitter: a key set is fresh for 600 s and usable for 3600 s more. */
export const freshSeconds = 600;
export const staleMaxSeconds = 3600;

/** The response to a request with a token, and whether that token was valid. */
export interface Answered {
  readonly isGood: boolean;
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: number | undefined;
}

/** A key server with faults, an application that depends on it, and a record of every response. */
export interface FaultArena {
  readonly issuer: MockIssuer;
  readonly clock: FrozenClock;
  readonly keys: ScriptedServer;
  readonly decoy: ScriptedServer;
  readonly running: Running;
  readonly answers: readonly Answered[];
  /** From now on the key server replies with this fault. */
  setFault(fault: Pick<Fault, 'reply'>): void;
  /** Ends the fault, after the key server has closed every connection that the fault has used. */
  clearFault(): Promise<void>;
  /** Sets what a healthy server replies to a request with this text. Default: the JWK set. */
  publish(document: (request: string) => object): void;
  good(): Promise<string>;
  send(token: string, isGood: boolean): Promise<Answered>;
  sendGood(): Promise<Answered>;
  /** An unknown kid, and a signature by another key: the application must refuse both. */
  sendForged(): Promise<readonly [unknownKid: Answered, foreignSignature: Answered]>;
  /** Resolves only when the application has closed every connection that it opened. */
  close(): Promise<void>;
}

/** What exists before the application starts. */
interface Environment {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clock: FrozenClock;
}

/** What a test changes in the options of the application. */
interface Overlay {
  readonly options: Partial<ResourceServerOptions>;
  /** The issuer that tokens name. Default: the identifier of the mock issuer. */
  readonly issuerName?: string;
  /** A valid token. Default: the mock issuer mints one. */
  good?(): Promise<string>;
  /** Called when the application is closed. */
  close?(): Promise<void>;
}

/** No token expires during a test. */
const expiresInSeconds = 24 * 3600;

export async function openFaultArena(
  harness: Harness,
  overlayFor: (environment: Environment) => Overlay | Promise<Overlay> = () => ({ options: {} }),
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
  const overlay = await overlayFor({ issuer: issuer.issuer, jwksUri, clock });
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
  const send = async (token: string, isGood: boolean) => {
    const { status, line } = await client.send(token);
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
    send,
    setFault(next) {
      fault = next;
    },
    async clearFault() {
      await keys.allGone();
      await flushEvents();
      fault = undefined;
    },
    publish(document) {
      published = document;
    },
    sendGood: async () => send(await good(), true),
    sendForged: async () => [
      await send(await issuer.bad.unknownKey(request()), false),
      await send(await issuer.bad.foreignSignature(request()), false),
    ],
    async close() {
      client.close();
      await running.close();
      // A connection that the application left open would keep this promise pending.
      await keys.allGone();
      await Promise.all([keys.close(), decoy.close(), issuer.close(), overlay.close?.()]);
    },
  };
}

/** The other end of a connection is in this process: its events need turns of the event loop. */
export async function flushEvents(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextImmediate();
}

/** Polls until the condition is true; rejects when it is still false after 5 s. */
export async function until(happened: () => boolean): Promise<void> {
  await vi.waitUntil(happened, { timeout: 5000, interval: 1 });
}
