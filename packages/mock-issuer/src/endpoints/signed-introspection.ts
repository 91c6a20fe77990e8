import type { RegisteredClient } from '../clients/registered-client.js';
import type { IntrospectionFault } from '../faults/kinds.js';
import { signDistorted } from '../faults/signed-introspection-faults.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import { preferredType } from '../http/preferred-type.js';
import type { JsonObject } from '../judge.js';
import type { KeyRing } from '../key-ring.js';
import type { Draft, Mint } from '../mint.js';

const MEDIA_TYPE = 'application/token-introspection+jwt';

/** Whether the caller would rather have a JWT (RFC 9701 section 4). */
export function wantsSignedAnswer(accept: string | undefined): boolean {
  return preferredType(accept, ['application/json', MEDIA_TYPE]) === MEDIA_TYPE;
}

/** What signs an answer. */
export interface Signing {
  readonly mint: Mint;
  readonly keys: KeyRing;
  readonly attacker: KeyRing;
}

/**
 * An answer as a JWT (RFC 9701 section 5): issued by us, to this caller, now. What is said of the token is a member of its own, so that the
 * JWT cannot be taken for an access token; it has no `sub` and no `exp` (section 8.1).
 */
export async function signedAnswer(
  body: JsonObject,
  caller: RegisteredClient,
  { mint, keys, attacker }: Signing,
  fault: IntrospectionFault | undefined,
): Promise<Answer> {
  const alg = caller.signedResponseAlg;
  const key = await keys.signingKey(alg);
  const draft: Draft = {
    header: { alg, typ: 'token-introspection+jwt', kid: key.kid },
    claims: { iss: mint.settings.issuer, aud: caller.id, iat: mint.nowSeconds(), token_introspection: body },
    key,
  };
  const jwt = await signDistorted(draft, fault, () => attacker.signingKey(alg));
  return privateAnswer(200, jwt, { 'content-type': fault === 'contentType' ? 'application/jwt' : MEDIA_TYPE });
}
