import { type AuthSettings, makeAuth } from './auth.js';
import { confirmBinding } from './binding/confirm-binding.js';
import { HeaderCache } from './cache/header-cache.js';
import { TokenCache, type TokenCacheSettings } from './cache/token-cache.js';
import { limitedBy } from './claims/limited-by.js';
import { missingForRfc9068 } from './claims/profile-hint.js';
import type { ClaimsSettings } from './claims/rule.js';
import { validateClaims } from './claims/validate-claims.js';
import { refuseGrammar } from './credential/read-credential.js';
import { checkSignature, type SignatureSettings } from './keys/check-signature.js';
import { VerificationQueue } from './keys/verification-queue.js';
import type { Auth } from './model/auth.js';
import { chain, type MaybePromise } from './model/maybe-promise.js';
import { type Introspector, NetworkError } from './model/ports.js';
import { Refusal, type RefusalContext } from './model/refusal.js';
import {
  type ConfirmedToken,
  type Credential,
  IntrospectedToken,
  LocalVerification,
  OpaqueToken,
  type ParsedToken,
  type SignedToken,
  type ValidToken,
  VerifiedToken,
} from './model/stages.js';
import { refersToStatusList } from './model/status-claim.js';
import { warnIntrospectionCredentials, warnTokenProfile } from './observe/warnings.js';
import type { IssuerDirectory } from './token/issuer-directory.js';
import { type OpaqueRoute, OpaqueRouting } from './token/opaque-routing.js';
import { couldBeJws, parseToken, type TokenSettings } from './token/parse-token.js';
import { checkRevocation, type IsRevoked } from './validity/check-revocation.js';
import type { StatusListSource } from './validity/status-list-source.js';
import { type ValiditySettings, validateTimes } from './validity/validate-times.js';

/** What is needed to judge the tokens of one issuer. */
export interface TrustedIssuer {
  readonly signature: SignatureSettings;
  readonly claims: ClaimsSettings;
  /** Who is asked about its tokens, where anybody is. */
  readonly introspection?: TrustedIntrospection | undefined;
  /** Where the status of its tokens stands, where that is looked at. */
  readonly statusLists?: StatusListSource | undefined;
  /** Tells operators, once, that it is a mock. */
  readonly warnOfMock?: (() => void) | undefined;
}

/** How tokens of one issuer are introspected. */
export interface TrustedIntrospection {
  readonly introspector: Introspector;
  /** Whether JWTs are introspected too. */
  readonly isForAll: boolean;
  /** Whether its answers are signed with the issuer's keys. */
  readonly isSigned: boolean;
  readonly claims: ClaimsSettings;
}

/** What the rooms on the way are set to. */
export interface PipelineSettings<Claims> {
  readonly token: TokenSettings;
  readonly validity: ValiditySettings;
  readonly auth: AuthSettings<Claims>;
  readonly routeOpaqueToken: OpaqueRoute | undefined;
  readonly revocation: { readonly isRevoked: IsRevoked | undefined };
  /** How long a request waits for what the application is asked. */
  readonly keys: { readonly timeoutSeconds: number };
  /** How much is remembered of verified tokens, or nothing. */
  readonly tokenCache: TokenCacheSettings | false;
}

/** What a refusal of a token of a trusted issuer concerns. */
function contextOf({ issuer, credential }: ParsedToken | VerifiedToken): RefusalContext {
  return { issuer, scheme: credential.scheme };
}

const unaskable = new Refusal('token_opaque', { expected: 'a JWT: three segments' });

/** The way of a credential through the rooms, in the order in which each may refuse it. */
export class Pipeline<Claims> {
  readonly #issuers: IssuerDirectory<TrustedIssuer>;
  readonly #settings: PipelineSettings<Claims>;
  readonly #cache: TokenCache | undefined;
  readonly #headers = new HeaderCache();
  readonly #queue = new VerificationQueue();
  readonly #opaque: OpaqueRouting<TrustedIssuer>;
  /** Whom operators were told of already. */
  readonly #hinted = new WeakSet<ClaimsSettings>();

  constructor(issuers: IssuerDirectory<TrustedIssuer>, settings: PipelineSettings<Claims>) {
    this.#issuers = issuers;
    this.#opaque = new OpaqueRouting(settings.routeOpaqueToken, issuers);
    this.#settings = settings;
    this.#cache = settings.tokenCache === false ? undefined : new TokenCache(settings.tokenCache);
  }

  /** Above the line: what a token is, whenever it is asked. The answer may be remembered. */
  verify(credential: Credential): MaybePromise<VerifiedToken | Refusal> {
    const known = this.#fromCache(credential);
    if (known === undefined) return this.#verifyAnew(credential);
    return chain(this.#confirm(known), (confirmed) => {
      if (confirmed instanceof Refusal) return confirmed;
      return confirmed === true ? new VerifiedToken(credential, known, true) : this.#verifyAnew(credential);
    });
  }

  /** Looks a token up among those that were verified before, where it has the size and the shape of one that could be there. */
  #fromCache(credential: Credential): LocalVerification | undefined {
    return couldBeJws(credential, this.#settings.token) ? this.#cache?.get(credential) : undefined;
  }

  /**
   * What was verified before is what it was, as long as its issuer is trusted by the same rules and still has the key: an
   * issuer or key that left, or that cannot be asked for, is the same answer with the memory as without.
   */
  #confirm(known: LocalVerification): MaybePromise<boolean | Refusal> {
    return chain(this.#issuers.find(known), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      if (issuer.claims !== known.rules) return false;
      return chain(issuer.signature.keys.find(known), (key) =>
        key instanceof Refusal ? key.concerning({ issuer: known.issuer }) : key.isSameAs(known.key),
      );
    });
  }

  #verifyAnew(credential: Credential): MaybePromise<VerifiedToken | Refusal> {
    const parsed = parseToken(credential, this.#settings.token, this.#headers);
    // Segments of base64url and two dots are a token68: only what is not that is looked at again.
    if (parsed instanceof Refusal) return refuseGrammar(credential) ?? parsed;
    if (parsed instanceof OpaqueToken) return refuseGrammar(credential) ?? this.#verifyOpaque(parsed);
    return chain(this.#issuers.find(parsed), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      if (issuer.introspection?.isForAll) return this.#introspectJwt(parsed, issuer.claims, issuer.introspection);
      return this.#verifyHere(parsed, issuer);
    });
  }

  #verifyOpaque(token: OpaqueToken): MaybePromise<VerifiedToken | Refusal> {
    return chain(this.#opaque.find(token), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      // Fails closed: nobody is found who cannot be asked.
      return issuer.introspection === undefined ? unaskable : this.#introspect(token.credential, issuer.introspection);
    });
  }

  /** A JWT that its issuer is asked about: the answer stands in for the signature, and all that the token says of itself refuses it before anybody is asked. */
  #introspectJwt(
    { credential, issuer, jws }: ParsedToken,
    rules: ClaimsSettings,
    introspection: TrustedIntrospection,
  ): MaybePromise<VerifiedToken | Refusal> {
    const own = validateClaims(new IntrospectedToken(credential, issuer, jws.payload, jws.header), rules);
    const valid = own instanceof Refusal ? own : validateTimes(own, this.#settings.validity);
    return valid instanceof Refusal
      ? valid.concerning({ issuer })
      : this.#introspect(credential, introspection, valid.token);
  }

  #verifyHere(parsed: ParsedToken, issuer: TrustedIssuer): MaybePromise<VerifiedToken | Refusal> {
    return checkSignature(parsed, issuer.signature, this.#queue, (signed): VerifiedToken | Refusal => {
      if (signed instanceof Refusal) return signed.concerning(contextOf(parsed));
      this.#headers.set(parsed.jws);
      // Only under a signature that is the issuer's own: anybody can write that into a header.
      if (signed.header['mock'] === true) issuer.warnOfMock?.();
      const verified = validateClaims(signed, issuer.claims);
      if (!(verified instanceof Refusal)) return verified;
      this.#hintAtProfile(signed, issuer.claims);
      return verified.concerning(contextOf(parsed));
    });
  }

  #introspect(
    credential: Credential,
    { introspector, claims }: TrustedIntrospection,
    own?: VerifiedToken,
  ): MaybePromise<VerifiedToken | Refusal> {
    return chain(introspector.introspect(credential, own?.facts.expiresAt), (answered) => {
      if (answered instanceof Refusal) this.#hintAtCredentials(answered, claims);
      const token = own === undefined || answered instanceof Refusal ? answered : limitedBy(own.claims, answered);
      const verified = token instanceof Refusal ? token : validateClaims(token, claims);
      return verified instanceof Refusal ? verified.concerning({ issuer: claims.issuer }) : verified;
    });
  }

  /** Below the line: what it is worth now. Judged on every request. */
  admit(verified: VerifiedToken): MaybePromise<Auth<Claims> | Refusal> {
    return chain(this.#validateNow(verified), (outcome) =>
      outcome instanceof Refusal ? outcome.concerning(contextOf(verified)) : outcome,
    );
  }

  #validateNow(verified: VerifiedToken): MaybePromise<Auth<Claims> | Refusal> {
    const valid = validateTimes(verified, this.#settings.validity);
    if (valid instanceof Refusal) return valid;
    if (!verified.isCached) this.#store(verified);
    return chain(this.#checkStatus(valid), (standing) => {
      const confirmed = standing ?? confirmBinding(valid);
      return confirmed instanceof Refusal ? confirmed : this.#makeAuth(confirmed);
    });
  }

  #store({ credential, verification }: VerifiedToken): void {
    if (verification instanceof LocalVerification) this.#cache?.set(credential, verification);
  }

  /** What the issuer's status list says of a token that refers to one. Only of one that is valid: others cause no fetch. */
  #checkStatus({ token }: ValidToken): MaybePromise<Refusal | undefined> {
    const { status } = token.claims;
    // Other claims of that name are the issuer's own affair.
    if (!refersToStatusList(status)) return undefined;
    return chain(this.#issuers.find(token), (issuer) =>
      issuer instanceof Refusal ? issuer : issuer.statusLists?.judge(status),
    );
  }

  #makeAuth(confirmed: ConfirmedToken): MaybePromise<Auth<Claims> | Refusal> {
    const { auth: settings, revocation, keys } = this.#settings;
    const { isRevoked } = revocation;
    if (isRevoked === undefined) return makeAuth(confirmed, settings);
    return chain(makeAuth(confirmed, settings), (auth) =>
      auth instanceof Refusal ? auth : checkRevocation(auth, isRevoked, keys.timeoutSeconds),
    );
  }

  /** Says once for each issuer that it is us whom it refuses. */
  #hintAtCredentials({ fields: { cause } }: Refusal, settings: ClaimsSettings): void {
    if (!(cause instanceof NetworkError) || cause.code !== 'credentials_refused' || this.#hinted.has(settings)) return;
    this.#hinted.add(settings);
    warnIntrospectionCredentials(settings.issuer);
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
