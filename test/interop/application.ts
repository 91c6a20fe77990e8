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

/** The response to a request with a token. */
export interface Answered {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: number | undefined;
  /** The JSON of the handler, or the problem document of a refusal. */
  readonly body: unknown;
  readonly handled: boolean;
  /**
   * The error code in the diagnostics; only meaningful when requests are sent one after the other.
   */
  readonly code: AccessErrorCode | undefined;
  /** The `client_id` that the claims schema of the application received. */
  readonly clientId: string | undefined;
}

/**
 * The application of test/suite behind one harness; it is given the issuer and nothing else about
 * it.
 */
export interface Application {
  /** Sends a request with a token. Default target: a route that requires the scope `read`. */
  send(token: string, target?: string): Promise<Answered>;
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
  const claims = schemaThatRecords((recorded) => {
    clientId = recorded.client_id;
  });
  const running = await harness.start({ issuer, audience: api, claims, ...(clock && { clock }) });
  subscribe(decisionChannel, note);
  return {
    async send(token, target = '/read') {
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

/** A schema that accepts all claims unchanged, and passes them to `record`. */
function schemaThatRecords(record: (claims: AccessTokenClaims) => void): StandardSchema<AccessTokenClaims> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate(value) {
        const claims = value as AccessTokenClaims;
        record(claims);
        return { value: claims };
      },
    },
  };
}
