import type { Auth } from '../model/auth.js';
import type { Decision } from '../model/decision.js';

/**
 * Writes who was admitted to `target.auth`, for handlers only: others write it too, and nothing here reads it.
 * After a refusal it is `undefined`, so that no earlier gate's visitor lingers. A property that somebody else has
 * made read-only stays theirs.
 *
 * @returns the verdict
 */
export function exposeAuth<Verdict extends { readonly decision: Decision<unknown> }>(
  target: object,
  verdict: Verdict,
): Verdict {
  const { decision } = verdict;
  const auth: Auth<unknown> | null | undefined = decision.granted ? decision.auth : undefined;
  try {
    (target as { auth?: unknown }).auth = auth;
  } catch {
    // Read-only, or a setter of theirs that will not have it.
  }
  return verdict;
}
