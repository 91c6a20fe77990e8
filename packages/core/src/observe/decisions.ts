import { channel } from 'node:diagnostics_channel';
import { debuglog } from 'node:util';
import type { AccessErrorCode } from '../errors.js';
import type { Decision, Denied } from '../model/decision.js';
import { failureName } from '../model/failure-name.js';
import type { RefusalContext } from '../model/refusal.js';

/**
 * Name of the `diagnostics_channel` on which every decision is published, as a {@link DecisionMessage}. Node
 * rethrows what a subscriber throws as an uncaught exception, and nobody else can catch it: a subscriber
 * must not throw.
 */
export const decisionChannel = 'resource-server:decision';

/** What is published of a decision: no token, no claim. */
export interface DecisionMessage {
  readonly granted: boolean;
  /** HTTP status of a refusal. */
  readonly status?: Denied['status'];
  /** Why it was refused. */
  readonly code?: AccessErrorCode;
  /** The trusted issuer that the token names; absent where there was none. */
  readonly issuer?: string;
  /** The scheme of the credential; absent where there was none of ours. */
  readonly scheme?: 'Bearer' | 'DPoP';
}

const decisions = channel(decisionChannel);
const debug = debuglog('resource-server');

/**
 * Lets operators see a decision on its way out: everybody on the channel, and with
 * `NODE_DEBUG=resource-server` a line per refusal.
 *
 * @param context which credential it concerns
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
