import { isDeepStrictEqual } from 'node:util';
import type { SenderConstraint } from '../binding/token-binding.js';
import { assertIssuedTo } from '../clients/issued-to.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Granted } from '../granted.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Lifetimes } from '../lifetimes.js';
import { type Random, randomText } from '../random.js';
import type { HeldRefreshToken, RefreshTokenStore } from '../stores/refresh-token-store.js';
import type { TokenStore } from '../stores/token-store.js';

/** What refresh tokens stand on. */
export interface RefreshTokensParts {
  readonly store: RefreshTokenStore;
  readonly tokens: TokenStore;
  readonly random: Random;
  readonly lifetimes: Lifetimes;
  readonly rotate: boolean;
  readonly graceSeconds: number;
  readonly nowSeconds: () => number;
}

/** Refresh tokens: bound to their client, good for one use, and gone together when one of them is used twice (RFC 9700 section 4.14). */
export class RefreshTokens {
  readonly #parts: RefreshTokensParts;

  constructor(parts: RefreshTokensParts) {
    this.#parts = parts;
  }

  /** The first one of a grant. Only a public client's is bound to a key: another client shows who it is (RFC 9449 section 5). */
  issue(granted: Granted, client: RegisteredClient, constraint?: SenderConstraint): string {
    const now = this.#parts.nowSeconds();
    const cnf = client.method === 'none' ? constraint?.cnf : undefined;
    return this.#put({ granted, cnf, familySinceSeconds: now, freshSinceSeconds: now });
  }

  /**
   * What a refresh token stands for. One that was used before takes its whole family with it, but only when it comes as its client would send
   * it: others have no say.
   *
   * @throws OAuthError invalid_grant when it is no good, or not for this client.
   */
  redeemable(token: string, client: RegisteredClient, constraint?: SenderConstraint): HeldRefreshToken {
    const { store, tokens } = this.#parts;
    const held = store.find(token);
    if (held === undefined) throw invalidGrant('no such refresh token was issued here');
    assertIssuedTo('refresh token', held.granted.clientId, client);
    if (held.cnf !== undefined && !isDeepStrictEqual(held.cnf, constraint?.cnf)) {
      throw invalidGrant('the refresh token is bound to another key or certificate than this request shows');
    }
    if (tokens.isGrantRevoked(held.granted.id)) throw invalidGrant('the refresh token was revoked');
    this.#assertUnused(held);
    this.#assertLive(held);
    return held;
  }

  /** The refresh token to use next time: another one, or, where nothing asks for that, the same one. */
  next(held: HeldRefreshToken, client: RegisteredClient): string {
    const now = this.#parts.nowSeconds();
    // RFC 9700 section 4.14.2: rotation is what protects those of public clients that nothing binds.
    const stays = !this.#parts.rotate && (client.method !== 'none' || held.cnf !== undefined);
    if (stays) {
      this.#parts.store.put({ ...held, freshSinceSeconds: now });
      return held.token;
    }
    // A second use within the time of grace does not make that time any longer.
    this.#parts.store.put({ ...held, replacedAtSeconds: held.replacedAtSeconds ?? now });
    const { granted, cnf, familySinceSeconds } = held;
    return this.#put({ granted, cnf, familySinceSeconds, freshSinceSeconds: now });
  }

  #put(held: Omit<HeldRefreshToken, 'token'>): string {
    const token = randomText(this.#parts.random, 'token');
    this.#parts.store.put({ ...held, token });
    return token;
  }

  #assertUnused({ replacedAtSeconds, granted }: HeldRefreshToken): void {
    const { nowSeconds, graceSeconds, tokens } = this.#parts;
    if (replacedAtSeconds === undefined) return;
    // A clock that went back says nothing of how long ago that was, and grace is for those of whom it is known.
    const ageSeconds = nowSeconds() - replacedAtSeconds;
    if (ageSeconds >= 0 && ageSeconds < graceSeconds) return;
    tokens.revokeGrant(granted.id);
    throw invalidGrant('the refresh token was used before, so that everything issued with it is revoked now');
  }

  #assertLive({ familySinceSeconds, freshSinceSeconds }: HeldRefreshToken): void {
    const { lifetimes, nowSeconds } = this.#parts;
    const now = nowSeconds();
    if (now >= freshSinceSeconds + lifetimes.refreshTokenIdleSeconds) {
      throw invalidGrant(`the refresh token expired: it was not used for ${lifetimes.refreshTokenIdleSeconds} seconds`);
    }
    if (now >= familySinceSeconds + lifetimes.refreshTokenSeconds) {
      throw invalidGrant(`the refresh token expired: the grant is ${lifetimes.refreshTokenSeconds} seconds old`);
    }
  }
}

function invalidGrant(description: string): OAuthError {
  return new OAuthError('invalid_grant', description);
}
