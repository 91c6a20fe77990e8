import { OAuthError } from '../http/oauth-error.js';
import type { SignIn, SignInStore } from '../stores/sign-in-store.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { User } from './user.js';

/** What users sign in with. */
export interface SignInParts {
  readonly signIns: SignInStore;
  /** What can be reached, the first by every sign-in. */
  readonly acrValues: readonly string[];
  readonly nowSeconds: () => number;
}

/** What a client says of how the user is to sign in. */
export type SignInWish = Pick<AuthorizationRequest, 'acrValues' | 'maxAgeSeconds' | 'prompt'>;

/** Any sign-in will do. */
export const noWish: SignInWish = { acrValues: [], maxAgeSeconds: undefined, prompt: new Set() };

/**
 * Signs a user in now, as well as the request wants it (RFC 9470 section 5).
 *
 * @throws OAuthError unmet_authentication_requirements when that cannot be.
 */
export function signInNow({ sub }: User, request: SignInWish, parts: SignInParts): SignIn {
  const signIn = { acr: reachable(request, parts.acrValues), authTime: parts.nowSeconds() };
  parts.signIns.put(sub, signIn);
  return signIn;
}

/**
 * The user's latest sign-in where that is good enough for the request, and else another one.
 *
 * @throws OAuthError login_required when that would need a page and the request forbids them (OpenID Connect Core section 3.1.2.6).
 */
export function signInAsNeeded(user: User, request: SignInWish, parts: SignInParts): SignIn {
  const latest = parts.signIns.find(user.sub);
  if (latest !== undefined && suffices(latest, request, parts.nowSeconds())) return latest;
  if (latest !== undefined && request.prompt.has('none')) {
    throw new OAuthError('login_required', `'${user.sub}' must sign in again, and prompt is none`);
  }
  return signInNow(user, request, parts);
}

function suffices({ acr, authTime }: SignIn, { acrValues, maxAgeSeconds, prompt }: SignInWish, now: number) {
  if (prompt.has('login')) return false;
  // max_age=0 is a sign-in for this request alone (OpenID Connect Core section 3.1.2.1).
  if (maxAgeSeconds !== undefined && (maxAgeSeconds === 0 || now - authTime > maxAgeSeconds)) return false;
  return acrValues.length === 0 || (acr !== undefined && acrValues.includes(acr));
}

function reachable({ acrValues }: SignInWish, known: readonly string[]): string | undefined {
  if (acrValues.length === 0) return known[0];
  const found = acrValues.find((wish) => known.includes(wish));
  if (found !== undefined) return found;
  throw new OAuthError(
    'unmet_authentication_requirements',
    `none of acr_values '${acrValues.join(' ')}' can be had here; there is ${known.join(' ') || 'none'}`,
  );
}
