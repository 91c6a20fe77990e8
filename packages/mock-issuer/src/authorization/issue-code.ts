import type { Lifetimes } from '../lifetimes.js';
import { type Random, randomText } from '../random.js';
import type { CodeStore } from '../stores/code-store.js';
import type { SignIn } from '../stores/sign-in-store.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { User } from './user.js';
import { grantedBy } from './wanted-access.js';

/** What codes are made with. */
export interface CodeParts {
  readonly codes: CodeStore;
  readonly random: Random;
  readonly lifetimes: Lifetimes;
  readonly nowSeconds: () => number;
}

/** The code for what a user allowed (RFC 6749 section 4.1.2). */
export function issueCode(request: AuthorizationRequest, user: User, signIn: SignIn, parts: CodeParts): string {
  const code = randomText(parts.random, 'code');
  const { client, redirectUri, codeChallenge, dpopJkt } = request;
  parts.codes.remember(code, {
    granted: grantedBy({ clientId: client.id, wanted: request, user, signIn }, parts.random),
    redirectUri,
    codeChallenge,
    dpopJkt,
    expiresAtSeconds: parts.nowSeconds() + parts.lifetimes.codeSeconds,
  });
  return code;
}
