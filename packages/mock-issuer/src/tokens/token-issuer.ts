import type { SenderConstraint } from '../binding/token-binding.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Granted } from '../granted.js';
import type { Issuance } from '../issuance.js';
import type { JsonObject } from '../judge.js';
import type { TokenResponse } from '../token-response.js';
import type { RefreshTokens } from './refresh-tokens.js';

/** How an access token differs from others for the same. */
export interface AccessDetails {
  /** Seconds that it has to live. Default: those of all. */
  readonly lifetimeSeconds?: number;
  /** Laid over its claims. */
  readonly claims?: Readonly<JsonObject>;
}

/** Issues what was granted. */
export class TokenIssuer {
  readonly #issuance: Issuance;
  readonly #refreshTokens: RefreshTokens;
  readonly #lifetimeSeconds: number;

  constructor(issuance: Issuance, refreshTokens: RefreshTokens, lifetimeSeconds: number) {
    this.#refreshTokens = refreshTokens;
    this.#issuance = issuance;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /**
   * An access token, and a refresh token when the client is registered for such: the refresh token for all that was granted, the access token
   * perhaps for less.
   */
  async accessAndRefresh(
    narrowed: Granted,
    granted: Granted,
    client: RegisteredClient,
    constraint?: SenderConstraint,
  ): Promise<TokenResponse> {
    const tokens = await this.access(narrowed, constraint);
    if (!client.grantTypes.includes('refresh_token')) return tokens;
    return { ...tokens, refresh_token: this.#refreshTokens.issue(granted, client, constraint) };
  }

  /** An access token and nothing to get another one with. */
  async access(
    granted: Granted,
    constraint?: SenderConstraint,
    { lifetimeSeconds = this.#lifetimeSeconds, claims = {} }: AccessDetails = {},
  ): Promise<TokenResponse> {
    const { scope, audience, authorizationDetails } = granted;
    const token = await this.#issuance.issue(
      {
        scope,
        audience: audience.length === 1 ? (audience[0] ?? '') : audience,
        subject: granted.subject,
        clientId: granted.clientId,
        expiresInSeconds: lifetimeSeconds,
        claims: { ...claimsOf(granted, constraint), ...claims },
      },
      { grantId: granted.id },
    );
    return {
      access_token: token,
      token_type: constraint?.tokenType ?? 'Bearer',
      expires_in: lifetimeSeconds,
      ...(scope.length > 0 && { scope: scope.join(' ') }),
      ...(authorizationDetails !== undefined && { authorization_details: authorizationDetails }),
    };
  }
}

/** What a token says beyond the profile: RFC 9068 section 2.2.1, RFC 9396 section 9.1, RFC 7800 section 3.1. */
function claimsOf({ acr, authTime, authorizationDetails }: Granted, constraint?: SenderConstraint): JsonObject {
  return { acr, auth_time: authTime, authorization_details: authorizationDetails, cnf: constraint?.cnf };
}
