import { type AuthSettings, makeAuth } from './auth.js';
import { confirmBinding } from './binding/confirm-binding.js';
import { judgeClaims } from './claims/judge-claims.js';
import { missingForRfc9068 } from './claims/profile-hint.js';
import type { ClaimsSettings } from './claims/rule.js';
import { checkSignature, type SignatureSettings } from './keys/check-signature.js';
import type { Auth } from './model/auth.js';
import { Refusal } from './model/refusal.js';
import { type Credential, type SignedToken, VerifiedToken } from './model/stages.js';
import { warnTokenProfile } from './observe/warnings.js';
import { TokenCache, type TokenCacheSettings } from './store/token-cache.js';
import type { IssuerDirectory } from './token/issuer-directory.js';
import { parseToken, refuseShape, type TokenSettings } from './token/parse-token.js';
import { judgeValidity, type ValiditySettings } from './validity/judge-validity.js';

/** What is needed to judge the tokens of one issuer. */
export interface TrustedIssuer {
  readonly signature: SignatureSettings;
  readonly claims: ClaimsSettings;
}

/** What the rooms on the way are set to. */
export interface PipelineSettings<Claims> {
  readonly token: TokenSettings;
  readonly validity: ValiditySettings;
  readonly auth: AuthSettings<Claims>;
  /** How much is remembered of verified tokens, or nothing. */
  readonly tokenCache: TokenCacheSettings | false;
}

/** The way of a credential through the rooms, in the order in which each may refuse it. */
export class Pipeline<Claims> {
  readonly #issuers: IssuerDirectory<TrustedIssuer>;
  readonly #settings: PipelineSettings<Claims>;
  readonly #cache: TokenCache | undefined;
  readonly #hinted = new Set<string>();

  constructor(issuers: IssuerDirectory<TrustedIssuer>, settings: PipelineSettings<Claims>) {
    this.#issuers = issuers;
    this.#settings = settings;
    this.#cache = settings.tokenCache === false ? undefined : new TokenCache(settings.tokenCache);
  }

  /** Above the line: what a token is, whenever it is asked. The answer may be remembered. */
  async verify(credential: Credential): Promise<VerifiedToken | Refusal> {
    const refusal = refuseShape(credential, this.#settings.token);
    if (refusal !== undefined) return refusal;
    return (await this.#recall(credential)) ?? (await this.#verifyAnew(credential));
  }

  /**
   * What was verified before is what it was, as long as its issuer still has the key: a key that left, or that
   * cannot be asked for, is the same answer with the memory as without.
   */
  async #recall(credential: Credential): Promise<VerifiedToken | Refusal | undefined> {
    const verification = this.#cache?.recall(credential);
    if (verification === undefined) return undefined;
    const issuer = this.#issuers.find(verification);
    if (issuer instanceof Refusal) return undefined;
    const key = await issuer.signature.keys.find(verification);
    if (key instanceof Refusal) return key.concerning({ issuer: verification.issuer });
    return key.isSameAs(verification.key) ? new VerifiedToken(credential, verification) : undefined;
  }

  async #verifyAnew(credential: Credential): Promise<VerifiedToken | Refusal> {
    const parsed = parseToken(credential, this.#settings.token);
    if (parsed instanceof Refusal) return parsed;
    const issuer = this.#issuers.find(parsed);
    if (issuer instanceof Refusal) return issuer;
    const signed = await checkSignature(parsed, issuer.signature);
    if (signed instanceof Refusal) return signed.concerning({ issuer: parsed.issuer });
    const verified = judgeClaims(signed, issuer.claims);
    if (!(verified instanceof Refusal)) return verified;
    this.#hintAtProfile(signed, issuer.claims);
    return verified.concerning({ issuer: signed.issuer });
  }

  /** Below the line: what it is worth now. Judged on every request. */
  async admit(verified: VerifiedToken): Promise<Auth<Claims> | Refusal> {
    const valid = judgeValidity(verified, this.#settings.validity);
    if (valid instanceof Refusal) return valid.concerning({ issuer: verified.issuer });
    this.#cache?.remember(verified);
    const confirmed = confirmBinding(valid);
    if (confirmed instanceof Refusal) return confirmed.concerning({ issuer: verified.issuer });
    const auth = await makeAuth(confirmed, this.#settings.auth);
    return auth instanceof Refusal ? auth.concerning({ issuer: verified.issuer }) : auth;
  }

  /** Says once for each issuer why all of its tokens are refused, where only the strict profile does. */
  #hintAtProfile(signed: SignedToken, settings: ClaimsSettings): void {
    if (this.#hinted.has(signed.issuer)) return;
    const missing = missingForRfc9068(signed, settings);
    if (missing === undefined) return;
    this.#hinted.add(signed.issuer);
    warnTokenProfile(signed.issuer, missing);
  }
}
