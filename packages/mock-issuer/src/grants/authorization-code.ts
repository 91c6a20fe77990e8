import type { SenderConstraint } from '../binding/token-binding.js';
import { assertIssuedTo } from '../clients/issued-to.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Form } from '../http/form.js';
import { OAuthError } from '../http/oauth-error.js';
import { narrowedDetails } from '../parameters/authorization-details.js';
import { assertVerifier } from '../parameters/code-challenge.js';
import { narrowedAudience } from '../parameters/resource.js';
import type { CodeStore, IssuedCode } from '../stores/code-store.js';
import type { TokenStore } from '../stores/token-store.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';
import type { Grant } from './grant.js';

/** What this grant stands on. */
export interface AuthorizationCodeParts {
  readonly codes: CodeStore;
  readonly tokens: TokenStore;
  readonly tokenIssuer: TokenIssuer;
  readonly nowSeconds: () => number;
}

/** Authorization code (RFC 6749 section 4.1.3) with PKCE (RFC 7636 section 4.6): one use, by the client that asked, with the right verifier. */
export function authorizationCodeGrant(parts: AuthorizationCodeParts): Grant {
  return {
    name: 'authorization_code',
    answer: async ({ client, form, constraint }) => {
      const code = form.required('code');
      const issued = parts.codes.find(code);
      if (issued === undefined) throw invalidGrant('no such code was issued here');
      assertBoundTo(issued, client, form, constraint);
      assertUnused(code, issued, parts);
      const { granted } = issued;
      const narrowed = {
        ...granted,
        audience: narrowedAudience(form, granted.audience),
        authorizationDetails: narrowedDetails(form, granted.authorizationDetails),
      };
      // Used in the turn in which it was judged: of two requests at once one is the second.
      parts.codes.use(code);
      return parts.tokenIssuer.accessAndRefresh(narrowed, granted, client, constraint);
    },
  };
}

/** That the request comes from who asked for the code. */
function assertBoundTo(issued: IssuedCode, client: RegisteredClient, form: Form, constraint?: SenderConstraint): void {
  assertIssuedTo('code', issued.granted.clientId, client);
  const redirectUri = form.one('redirect_uri');
  if (redirectUri !== undefined && redirectUri !== issued.redirectUri) {
    throw invalidGrant(`the code was sent to the redirect_uri '${issued.redirectUri}', and not to '${redirectUri}'`);
  }
  assertVerifier(form, issued.codeChallenge);
  if (issued.dpopJkt !== undefined && constraint?.cnf['jkt'] !== issued.dpopJkt) {
    throw invalidGrant(
      'the code is bound to a key, by dpop_jkt or by the proof it was asked for with, and this request proves none or another',
    );
  }
}

/** RFC 6749 section 4.1.2: whoever sends a code a second time, and could send it the first time, may be a thief or the robbed one. */
function assertUnused(code: string, issued: IssuedCode, { codes, tokens, nowSeconds }: AuthorizationCodeParts): void {
  if (codes.isUsed(code)) {
    tokens.revokeGrant(issued.granted.id);
    throw invalidGrant('the code was used before, so that everything issued for it is revoked now');
  }
  if (nowSeconds() >= issued.expiresAtSeconds) {
    throw invalidGrant(`the code expired ${nowSeconds() - issued.expiresAtSeconds} seconds ago`);
  }
}

function invalidGrant(description: string): OAuthError {
  return new OAuthError('invalid_grant', description);
}
