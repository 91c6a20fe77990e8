import { OAuthError } from '../http/oauth-error.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { type CodeParts, issueCode } from './issue-code.js';
import { type SignInParts, signInAsNeeded, signInNow } from './sign-in.js';
import type { User } from './user.js';

/** Those who can approve, and what they sign in with. */
export interface UserParts extends SignInParts {
  readonly users: readonly User[];
}

/** What users approve authorization requests with. */
export interface ApprovalParts extends CodeParts, UserParts {}

/** The code that nobody had to be asked for: for the user of `login_hint`, or else the first one. @throws OAuthError when there is none. */
export function approveAlone(request: AuthorizationRequest, parts: ApprovalParts): string {
  const user = userOf(request.loginHint ?? parts.users[0]?.sub, parts);
  return issueCode(request, user, signInAsNeeded(user, request, parts), parts);
}

/** The code for a user who signed in and said yes. @throws OAuthError when there is no such user, or the sign-in is not good enough. */
export function approve(request: AuthorizationRequest, subject: string | undefined, parts: ApprovalParts): string {
  const user = userOf(subject, parts);
  return issueCode(request, user, signInNow(user, request, parts), parts);
}

/** @throws OAuthError login_required when there is no such user. */
export function userOf(subject: string | undefined, { users }: UserParts): User {
  const user = users.find(({ sub }) => sub === subject);
  if (user !== undefined) return user;
  const known = users.map(({ sub }) => sub).join(' ');
  throw new OAuthError('login_required', `there is no user '${subject ?? ''}'; there is ${known}`);
}
