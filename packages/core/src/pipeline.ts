import { type AuthSettings, makeAuth } from './auth.js';
import { confirmBinding } from './binding/confirm-binding.js';
import { judgeClaims } from './claims/judge-claims.js';
import { missingForRfc9068 } from './claims/profile-hint.js';
import type { ClaimsSettings } from './claims/rule.js';
import { refuseGrammar } from './credential/read-credential.js';
import { checkSignature, type SignatureSettings } from './keys/check-signature.js';
import { VerificationQueue } from './keys/verification-queue.js';
import type { Auth } from './model/auth.js';
import { after, type Eventually } from './model/eventually.js';
import { Refusal } from './model/refusal.js';
import { type Credential, type SignedToken, type Verification, VerifiedToken } from './model/stages.js';
import { warnTokenProfile } from './observe/warnings.js';
import { HeaderMemory } from './store/header-memory.js';
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
  readonly #headers = new HeaderMemory();
  readonly #queue = new VerificationQueue();
  readonly #hinted = new WeakSet<ClaimsSettings>();

  constructor(issuers: IssuerDirectory<TrustedIssuer>, settings: PipelineSettings<Claims>) {
    this.#issuers = issuers;
    this.#settings = settings;
    this.#cache = settings.tokenCache === false ? undefined : new TokenCache(settings.tokenCache);
  }

  /** Above the line: what a token is, whenever it is asked. The answer may be remembered. */
  verify(credential: Credential): Eventually<VerifiedToken | Refusal> {
    const known = this.#recall(credential);
    if (known === undefined) return this.#verifyAnew(credential);
    return after(this.#confirm(known), (confirmed) => {
      if (confirmed instanceof Refusal) return confirmed;
      return confirmed === true ? new VerifiedToken(credential, known) : this.#verifyAnew(credential);
    });
  }

  /** Looks a token up by its hash, where it has the size and the shape of one that could be there. */
  #recall(credential: Credential): Verification | undefined {
    if (this.#cache === undefined || refuseShape(credential, this.#settings.token) !== undefined) return undefined;
    return this.#cache.recall(credential);
  }

  /**
   * What was verified before is what it was, as long as its issuer is trusted by the same rules and still has the key: an
   * issuer or key that left, or that cannot be asked for, is the same answer with the memory as without.
   */
  #confirm(known: Verification): Eventually<boolean | Refusal> {
    return after(this.#issuers.find(known), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      if (issuer.claims !== known.rules) return false;
      return after(issuer.signature.keys.find(known), (key) =>
        key instanceof Refusal ? key.concerning({ issuer: known.issuer }) : key.isSameAs(known.key),
      );
    });
  }

  #verifyAnew(credential: Credential): Eventually<VerifiedToken | Refusal> {
    const parsed = parseToken(credential, this.#settings.token, this.#headers);
    // Segments of base64url and two dots are a token68: only what is not that is looked at again.
    if (parsed instanceof Refusal) return refuseGrammar(credential) ?? parsed;
    return after(this.#issuers.find(parsed), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      return after(checkSignature(parsed, issuer.signature, this.#queue), (signed) => {
        if (signed instanceof Refusal) return signed.concerning({ issuer: parsed.issuer });
        this.#headers.remember(parsed.jws);
        const verified = judgeClaims(signed, issuer.claims);
        if (!(verified instanceof Refusal)) return verified;
        this.#hintAtProfile(signed, issuer.claims);
        return verified.concerning({ issuer: signed.issuer });
      });
    });
  }

  /** Below the line: what it is worth now. Judged on every request. */
  admit(verified: VerifiedToken): Eventually<Auth<Claims> | Refusal> {
    return after(this.#judgeNow(verified), (outcome) =>
      outcome instanceof Refusal ? outcome.concerning({ issuer: verified.issuer }) : outcome,
    );
  }

  #judgeNow(verified: VerifiedToken): Eventually<Auth<Claims> | Refusal> {
    const valid = judgeValidity(verified, this.#settings.validity);
    if (valid instanceof Refusal) return valid;
    this.#cache?.remember(verified);
    const confirmed = confirmBinding(valid);
    return confirmed instanceof Refusal ? confirmed : makeAuth(confirmed, this.#settings.auth);
  }

  /** Says once for each issuer why all of its tokens are refused, where only the strict profile does. */
  #hintAtProfile(signed: SignedToken, settings: ClaimsSettings): void {
    if (this.#hinted.has(settings)) return;
    const missing = missingForRfc9068(signed, settings);
    if (missing === undefined) return;
    this.#hinted.add(settings);
    warnTokenProfile(signed.issuer, missing);
  }
}
