import type { SenderConstraint } from '../binding/token-binding.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Form } from '../http/form.js';
import type { TokenResponse } from '../token-response.js';

/** A token request whose sender is known, and may use the grant. */
interface GrantRequest {
  readonly client: RegisteredClient;
  readonly form: Form;
  /** What the tokens are bound to; `undefined` for bearer tokens. */
  readonly constraint: SenderConstraint | undefined;
}

/** One way to tokens (RFC 6749 section 4). */
export interface Grant {
  /** The `grant_type` that asks for it. */
  readonly name: string;
  /** @throws OAuthError when the request gets no tokens. */
  answer(request: GrantRequest): Promise<TokenResponse>;
}
