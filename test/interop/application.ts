import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type AccessErrorCode,
  type AccessTokenClaims,
  type Clock,
  type DecisionMessage,
  decisionChannel,
  type IssuerOptions,
  type StandardSchema,
} from '@resource-server/core';
import type { Harness } from '../suite/harness.js';
import { api } from './configuration.js';

/** What came back for a token. */
export interface Answered {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: number | undefined;
  /** What the handler said, or the problem document of a refusal. */
  readonly body: unknown;
  readonly handled: boolean;
  /** Why it was refused, as operators are told. Only of requests that are sent one after the other. */
  readonly code: AccessErrorCode | undefined;
  /** Whose client it is, as the application's claims schema was shown. */
  readonly clientId: string | undefined;
}

/** The suite's application behind one harness. It knows its issuer by name, and of it nothing else but what it is told. */
export interface Application {
  /** Presents a token. Default target: a route that needs the scope `read`. */
  ask(token: string, target?: string): Promise<Answered>;
  close(): Promise<void>;
}

export async function openApplication(
  harness: Harness,
  issuer: string | IssuerOptions,
  clock?: Clock,
): Promise<Application> {
  let code: AccessErrorCode | undefined;
  let clientId: string | undefined;
  const note = (message: unknown) => {
    code = (message as DecisionMessage).code;
  };
  const claims = schemaThatShows((shown) => {
    clientId = shown.client_id;
  });
  const running = await harness.start({ issuer, audience: api, claims, ...(clock && { clock }) });
  subscribe(decisionChannel, note);
  return {
    async ask(token, target = '/read') {
      [code, clientId] = [undefined, undefined];
      const handled = running.handled();
      const { status, headers, body } = await running.send({ target, headers: [['Authorization', `Bearer ${token}`]] });
      const line = (name: string) => headers.find(([candidate]) => candidate === name)?.[1];
      const wait = line('retry-after');
      return {
        status,
        challenge: line('www-authenticate'),
        retryAfter: wait === undefined ? undefined : Number(wait),
        body: JSON.parse(body),
        handled: running.handled() > handled,
        code,
        clientId,
      };
    },
    async close() {
      unsubscribe(decisionChannel, note);
      await running.close();
    },
  };
}

/** Takes all claims as they are, and shows them. */
function schemaThatShows(show: (claims: AccessTokenClaims) => void): StandardSchema<AccessTokenClaims> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate(value) {
        const claims = value as AccessTokenClaims;
        show(claims);
        return { value: claims };
      },
    },
  };
}
