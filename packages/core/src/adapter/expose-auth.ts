import type { Auth } from '../model/auth.js';
import type { Decision } from '../model/decision.js';

/**
 * Sets `target.auth`, for handlers only. This library never reads the property, since other
 * middleware can write it. After a refusal it is `undefined`, so that no authentication of an
 * earlier `auth()` remains. A read-only property of another package is left unchanged.
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
    // The property is read-only, or its setter throws.
  }
  return verdict;
}
