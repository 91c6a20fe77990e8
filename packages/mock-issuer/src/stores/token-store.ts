import { createHash } from 'node:crypto';
import type { JsonObject } from '../judge.js';

/** What is remembered of a token that was issued. */
export interface IssuedToken {
  readonly claims: JsonObject;
  readonly revoked: boolean;
}

interface Entry {
  /** `null` for a JWT, which carries them itself. */
  readonly claims: JsonObject | null;
  revoked: boolean;
}

/** Every access token that was issued, for as long as the issuer lives. Tests mint many JWTs, so of those a hash is kept and no text. */
export class TokenStore {
  readonly #entries = new Map<string, Entry>();

  rememberOpaque(token: string, claims: JsonObject): void {
    this.#entries.set(keyOf(token), { claims: structuredClone(claims), revoked: false });
  }

  rememberJwt(token: string): void {
    this.#entries.set(keyOf(token), { claims: null, revoked: false });
  }

  find(token: string): IssuedToken | undefined {
    const entry = this.#entries.get(keyOf(token));
    return entry && { claims: entry.claims ?? claimsOf(token), revoked: entry.revoked };
  }

  /** Revoked once, a token stays so. Tells whether it was issued here. */
  revoke(token: string): boolean {
    const entry = this.#entries.get(keyOf(token));
    if (entry !== undefined) entry.revoked = true;
    return entry !== undefined;
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** The payload of a JWT that was signed here. */
function claimsOf(token: string): JsonObject {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
}
