import { withTimeout } from '../async/with-timeout.js';
import type { Auth } from '../model/auth.js';
import { failureName } from '../model/failure-name.js';
import { Refusal } from '../model/refusal.js';

/** Says whether a token was revoked. */
export type IsRevoked = (auth: Auth<never>) => boolean | Promise<boolean>;

const revoked = new Refusal('token_revoked', { expected: 'a token that isRevoked does not know' });
const undecided = new Refusal('callback_failed', { expected: 'isRevoked to give a boolean' });

/**
 * Asks the application whether a token was revoked. On every request, since that may change between two; while it cannot say, nobody is
 * admitted.
 */
export async function checkRevocation<Claims>(
  auth: Auth<Claims>,
  isRevoked: IsRevoked,
  timeoutSeconds: number,
): Promise<Auth<Claims> | Refusal> {
  const answer = await withTimeout(timeoutSeconds * 1000, ask(auth, isRevoked), () => unavailable('no answer in time'));
  if (answer instanceof Refusal) return answer;
  // Nothing but false: one that answers undefined by mistake must not admit everybody.
  if (typeof answer !== 'boolean') return undecided;
  return answer ? revoked : auth;
}

async function ask<Claims>(auth: Auth<Claims>, isRevoked: IsRevoked): Promise<unknown> {
  try {
    return await isRevoked(auth as Auth<never>);
  } catch (cause) {
    return unavailable(failureName(cause), cause);
  }
}

function unavailable(reason: string, cause?: unknown): Refusal {
  return new Refusal('revocation_unavailable', {
    expected: `an answer of isRevoked (${reason})`,
    retryAfterSeconds: 1,
    ...(cause !== undefined && { cause }),
  });
}
