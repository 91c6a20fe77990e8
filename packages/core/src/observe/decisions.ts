import { channel } from 'node:diagnostics_channel';
import { debuglog } from 'node:util';
import type { AccessErrorCode } from '../errors.js';
import type { Decision, Denied } from '../model/decision.js';
import { failureName } from '../model/failure-name.js';
import type { RefusalContext } from '../model/refusal.js';

/**
 * Name of the `diagnostics_channel` on which every decision is published, as a
 * {@link DecisionMessage}. A subscriber must not throw: Node rethrows its error as an uncaught
 * exception, which no other code can catch.
 *
 * @example
 * import { subscribe } from 'node:diagnostics_channel';
 * import { type DecisionMessage, decisionChannel } from '@resource-server/core';
 *
 * const refusals = new Map<string, number>();
 * subscribe(decisionChannel, (message) => {
 *   const { code } = message as DecisionMessage;
 *   if (code !== undefined) refusals.set(code, (refusals.get(code) ?? 0) + 1);
 * });
 */
export const decisionChannel = 'resource-server:decision';

/** The published part of a decision. It contains no token and no claim. */
export interface DecisionMessage {
  /** Whether the request was accepted. */
  readonly granted: boolean;
  /** HTTP status of a refusal: 400, 401, 403, 500 or 503. */
  readonly status?: Denied['status'];
  /** Error code of a refusal; see ERRORS.md. */
  readonly code?: AccessErrorCode;
  /** The trusted issuer that the token names; absent where it names none. */
  readonly issuer?: string;
  /** Authentication scheme of the credential; absent without a supported credential. */
  readonly scheme?: 'Bearer' | 'DPoP';
}

const decisions = channel(decisionChannel);
const debug = debuglog('resource-server');

/**
 * Publishes a decision on the {@link decisionChannel}. With `NODE_DEBUG=resource-server`, each
 * refusal is also one line on stderr.
 *
 * @param context issuer and scheme of the credential, where they are known
 * @returns the decision
 */
export function observed<D extends Decision<unknown>>(decision: D, context: RefusalContext): D {
  if (decisions.hasSubscribers) decisions.publish(messageOf(decision, context));
  if (!decision.granted && debug.enabled) debug('%s', describe(decision, context));
  return decision;
}

function messageOf(decision: Decision<unknown>, { issuer, scheme }: RefusalContext): DecisionMessage {
  return Object.freeze({
    granted: decision.granted,
    ...(!decision.granted && { status: decision.status, code: decision.error.code }),
    ...(issuer !== undefined && { issuer }),
    ...(scheme !== undefined && { scheme }),
  });
}

function describe({ status, error }: Denied, { issuer }: RefusalContext): string {
  const { expected, found } = error.detail;
  const parts = [
    `${status} ${error.code}`,
    expected && `expected ${expected}`,
    found && `found ${found}`,
    issuer && `issuer ${issuer}`,
    error.cause !== undefined && `cause ${failureName(error.cause)}`,
  ];
  return parts.filter((part) => typeof part === 'string').join('; ');
}
