import type { SignatureAlgorithm } from './algorithms.js';
import type { MockClock } from './clock.js';
import type { JsonObject } from './judge.js';
import { signJws } from './jws.js';
import type { KeyRing } from './key-ring.js';
import { type Random, randomId } from './random.js';
import type { SigningKey } from './signing-key.js';
import { judgeTokenRequest, type TokenRequest } from './token-request.js';

/** Seconds a token lives when nobody says otherwise. */
export const DEFAULT_LIFETIME_SECONDS = 300;

/** A good token before it is signed. */
export interface Draft {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly key: SigningKey;
}

/** What the mint needs to know of its issuer. */
export interface MintSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly alg: SignatureAlgorithm;
  readonly clock: MockClock;
  readonly random: Random;
  /** Its tokens say that they are a mock issuer's. */
  readonly isMarked: boolean;
}

/** Drafts access tokens of the RFC 9068 profile. */
export class Mint {
  readonly settings: MintSettings;
  readonly #keys: KeyRing;

  constructor(settings: MintSettings, keys: KeyRing) {
    this.settings = settings;
    this.#keys = keys;
  }

  /** Whole seconds since the epoch by the issuer's clock (RFC 7519 section 2, NumericDate). */
  nowSeconds(): number {
    return Math.floor(this.settings.clock.now() / 1000);
  }

  /** A JWT. @throws TypeError when the request has an unknown or ill-typed member, or asks for an opaque token. */
  async draft(request: TokenRequest = {}): Promise<Draft> {
    const claims = this.claims(request);
    if (request.format === 'opaque')
      throw new TypeError("token request: 'format' must be jwt for what only a JWT can be");
    const key = await this.#keys.signingKey(request.alg ?? this.settings.alg);
    const mark = this.settings.isMarked ? { mock: true } : {};
    const header = { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...mark };
    return { header: overlay(header, request.header), claims, key };
  }

  /**
   * What a token says: the claims RFC 9068 section 2.2 requires, the scope of section 2.2.3, and the request's own over them.
   *
   * @throws TypeError when the request has an unknown or ill-typed member.
   */
  claims(request: TokenRequest = {}): JsonObject {
    judgeTokenRequest(request);
    return overlay(this.#profile(request), request.claims);
  }

  #profile(request: TokenRequest): JsonObject {
    const now = this.nowSeconds();
    const scope = typeof request.scope === 'string' ? request.scope : (request.scope ?? []).join(' ');
    return {
      iss: this.settings.issuer,
      exp: now + (request.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS),
      aud: request.audience ?? this.settings.audience,
      sub: request.subject ?? 'user-1',
      client_id: request.clientId ?? 'client-1',
      iat: now,
      jti: randomId(this.settings.random, 'jti'),
      ...(scope !== '' && { scope }),
      ...(request.cnf !== undefined && { cnf: request.cnf }),
    };
  }
}

/** Signs a draft as it stands. */
export function signDraft({ header, claims, key }: Draft): string {
  return signJws(header, claims, key);
}

/** `base` with the members of `changes` over it; `undefined` takes a member away. */
export function overlay(base: JsonObject, changes: Readonly<JsonObject> = {}): JsonObject {
  return Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== undefined));
}
