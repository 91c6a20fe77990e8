import { withTimeout } from '../async/with-timeout.js';
import type { Auth } from '../model/auth.js';
import { failureName } from '../model/failure-name.js';
import { Refusal } from '../model/refusal.js';

/** Callback of the application. Returns whether a token was revoked. */
export type IsRevoked = (auth: Auth<never>) => boolean | Promise<boolean>;

const revoked = new Refusal('token_revoked', { expected: 'isRevoked to return false' });
const undecided = new Refusal('callback_failed', { expected: 'isRevoked to return a boolean' });

/**
 * Calls the application's `isRevoked` on every request, because a token may be revoked between two
 * requests. If the callback fails or exceeds the timeout, the request is refused with 503.
 */
export async function checkRevocation<Claims>(
  auth: Auth<Claims>,
  isRevoked: IsRevoked,
  timeoutSeconds: number,
): Promise<Auth<Claims> | Refusal> {
  const answer = await withTimeout(timeoutSeconds * 1000, callIsRevoked(auth, isRevoked), () =>
    unavailable('no answer in time'),
  );
  if (answer instanceof Refusal) return answer;
  // Only `false` means that the token is not revoked. A callback that returns `undefined` by
  // mistake must not accept every token.
  if (typeof answer !== 'boolean') return undecided;
  return answer ? revoked : auth;
}

async function callIsRevoked<Claims>(auth: Auth<Claims>, isRevoked: IsRevoked): Promise<unknown> {
  try {
    return await isRevoked(auth as Auth<never>);
  } catch (cause) {
    return unavailable(failureName(cause), cause);
  }
}

function unavailable(reason: string, cause?: unknown): Refusal {
  return new Refusal('revocation_unavailable', {
    expected: `a result of isRevoked (${reason})`,
    retryAfterSeconds: 1,
    ...(cause !== undefined && { cause }),
  });
}
