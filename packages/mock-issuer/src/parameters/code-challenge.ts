import { createHash } from 'node:crypto';
import type { Form } from '../http/form.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';

/** A SHA-256 in base64url (RFC 7636 section 4.2). */
const CHALLENGE = /^[\w-]{43}$/;
/** RFC 7636 section 4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/** The challenge to a verifier by the method S256. */
export function challengeTo(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/**
 * The code challenge of an authorization request; OAuth 2.1 section 4.1.1 asks it of every client and knows one method.
 *
 * @throws OAuthError invalid_request saying whether the challenge or the method is wrong.
 */
export function requestedChallenge(form: Form): string {
  const challenge = form.one('code_challenge');
  const method = form.one('code_challenge_method');
  if (challenge === undefined)
    throw invalidRequest('the parameter code_challenge is missing: PKCE is for every client');
  if (method === undefined) {
    throw invalidRequest('the parameter code_challenge_method is missing, which would mean plain; it must be S256');
  }
  if (method !== 'S256') throw invalidRequest(`the code_challenge_method is '${method}' and must be S256`);
  if (!CHALLENGE.test(challenge)) {
    throw invalidRequest('the code_challenge must be a SHA-256 in base64url without padding, which has 43 characters');
  }
  return challenge;
}

/**
 * Holds the verifier of a token request against the challenge (RFC 7636 section 4.6).
 *
 * @throws OAuthError invalid_request when there is none, and invalid_grant when it is another one, or was not hashed.
 */
export function assertVerifier(form: Form, challenge: string): void {
  const verifier = form.required('code_verifier');
  if (!VERIFIER.test(verifier)) {
    throw new OAuthError('invalid_grant', 'the code_verifier must be 43 to 128 letters, digits and -._~');
  }
  if (challengeTo(verifier) === challenge) return;
  throw new OAuthError(
    'invalid_grant',
    verifier === challenge
      ? 'the code_verifier equals the code_challenge, as by the method plain; the method is S256, which hashes it'
      : 'the code_verifier is not the one whose SHA-256 is the code_challenge',
  );
}
