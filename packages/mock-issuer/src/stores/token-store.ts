import { createHash } from 'node:crypto';
import type { JsonObject } from '../judge.js';
import type { Store } from '../state/persistent.js';
import { flag, json, list, nullable, optional, type Read, refill, shape, text } from '../state/read.js';

/** What is remembered of a token that was issued. */
export interface IssuedToken {
  readonly claims: JsonObject;
  readonly revoked: boolean;
  /** What it was granted by, unless it was minted by hand. */
  readonly grantId: string | undefined;
}

interface Entry {
  /** `null` for a JWT, which carries them itself. */
  readonly claims: JsonObject | null;
  /** What it was granted by, unless it was minted by hand. */
  readonly grantId: string | undefined;
  revoked: boolean;
}

const readEntry: Read<Entry> = shape<Entry>({ claims: nullable(json), grantId: optional(text), revoked: flag });
const readContent = shape<{ issued: unknown; revokedGrants: string[] }>({
  issued: (value) => value,
  revokedGrants: list(text),
});

/** Every access token that was issued, for as long as the issuer lives. Tests mint many JWTs, so of those a hash is kept and no text. */
export class TokenStore implements Store {
  readonly #entries = new Map<string, Entry>();
  readonly #revokedGrants = new Set<string>();

  /** The claims as JSON has them, which is how a JWT has them, introspection tells them, and a file keeps them. @throws TypeError when it has not. */
  rememberOpaque(token: string, claims: JsonObject, grantId?: string): void {
    const told = JSON.parse(JSON.stringify(claims)) as JsonObject;
    this.#entries.set(keyOf(token), { claims: told, grantId, revoked: false });
  }

  rememberJwt(token: string, grantId?: string): void {
    this.#entries.set(keyOf(token), { claims: null, grantId, revoked: false });
  }

  find(token: string): IssuedToken | undefined {
    const entry = this.#entries.get(keyOf(token));
    if (entry === undefined) return undefined;
    const { grantId } = entry;
    const revoked = entry.revoked || (grantId !== undefined && this.#revokedGrants.has(grantId));
    return { claims: entry.claims ?? claimsOf(token), revoked, grantId };
  }

  /** Revoked once, a token stays so. Tells whether it was issued here. */
  revoke(token: string): boolean {
    const entry = this.#entries.get(keyOf(token));
    if (entry !== undefined) entry.revoked = true;
    return entry !== undefined;
  }

  /** Revokes every token of a grant, those to come too. */
  revokeGrant(grantId: string): void {
    this.#revokedGrants.add(grantId);
  }

  isGrantRevoked(grantId: string): boolean {
    return this.#revokedGrants.has(grantId);
  }

  /** Nothing was ever issued. */
  clear(): void {
    this.#entries.clear();
    this.#revokedGrants.clear();
  }

  snapshot(): unknown {
    return { issued: [...this.#entries], revokedGrants: [...this.#revokedGrants] };
  }

  restore(data: unknown): void {
    const { issued, revokedGrants } = readContent(data, '');
    refill(this.#entries, issued, readEntry);
    for (const id of revokedGrants) this.revokeGrant(id);
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** The payload of a JWT that was signed here. */
function claimsOf(token: string): JsonObject {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
}
