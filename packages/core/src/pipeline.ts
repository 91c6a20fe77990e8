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

/** What the pipeline needs to validate the tokens of one trusted issuer. */
export interface TrustedIssuer {
  /** The issuer's keys, and the algorithms that it may sign with. */
  readonly signature: SignatureSettings;
  /** The rules for the claims of its JWTs. */
  readonly claims: ClaimsSettings;
  /** How its tokens are introspected (RFC 7662); `undefined` where they are not introspected. */
  readonly introspection?: TrustedIntrospection | undefined;
  /** Its status lists; `undefined` where status lists are not checked. */
  readonly statusLists?: StatusListSource | undefined;
  /** Emits the warning `RS_MOCK_ISSUER`, the first time that it is called. */
  readonly warnOfMock?: (() => void) | undefined;
}

/** How the tokens of one issuer are introspected. */
export interface TrustedIntrospection {
  /** The client of the introspection endpoint. */
  readonly introspector: Introspector;
  /** Whether JWTs are introspected too; otherwise only opaque tokens are. */
  readonly introspectsJwts: boolean;
  /** Whether the introspection answers are signed with the issuer's keys (RFC 9701). */
  readonly isSigned: boolean;
  /** The rules for the claims of an introspection answer. */
  readonly claims: ClaimsSettings;
}

/** The settings of all steps of the pipeline. */
export interface PipelineSettings<Claims> {
  /** Limits for parsing a token. */
  readonly token: TokenSettings;
  /** The clock, and the rules for `exp`, `nbf` and `iat`. */
  readonly validity: ValiditySettings;
  /** How the `Auth` is made from a valid token. */
  readonly auth: AuthSettings<Claims>;
  /** The application's function that names the issuer of an opaque token. */
  readonly routeOpaqueToken: OpaqueRoute | undefined;
  /** The application's function that tells whether a token was revoked. */
  readonly revocation: { readonly isRevoked: IsRevoked | undefined };
  /** How long a call of `isRevoked` may take, in seconds. */
  readonly keys: { readonly timeoutSeconds: number };
  /** The size limits of the cache of verified tokens; `false` disables the cache. */
  readonly tokenCache: TokenCacheSettings | false;
}

/** The issuer and the scheme for the refusal of a token. The issuer must be a trusted one. */
function contextOf({ issuer, credential }: ParsedToken | VerifiedToken): RefusalContext {
  return { issuer, scheme: credential.scheme };
}

const notIntrospected = new Refusal('token_opaque', { expected: 'a JWT: three segments' });

/**
 * Validates access tokens. The steps run in a fixed order, and each step may refuse the token.
 *
 * `verify()` runs the steps whose result does not depend on the time of the request: it parses the
 * token, finds its issuer, checks its signature and validates its claims. It uses the token cache.
 * Where the issuer is introspected, the introspection replaces the signature check.
 *
 * `authenticate()` runs the steps whose result may change between two requests. It validates the
 * times, checks the status list and the binding, applies the `claims` schema and calls `isRevoked`.
 * It runs on every request, also for a cached token.
 */
export class Pipeline<Claims> {
  readonly #issuers: IssuerDirectory<TrustedIssuer>;
  readonly #settings: PipelineSettings<Claims>;
  readonly #cache: TokenCache | undefined;
  /** The decoded headers of verified tokens. */
  readonly #headers = new HeaderCache();
  /** Limits how many signatures are verified at the same time. */
  readonly #queue = new VerificationQueue();
  /** Finds the issuer that introspects an opaque token. */
  readonly #opaque: OpaqueRouting<TrustedIssuer>;
  /** The claim settings of the issuers for which a warning was emitted already. */
  readonly #warned = new WeakSet<ClaimsSettings>();

  constructor(issuers: IssuerDirectory<TrustedIssuer>, settings: PipelineSettings<Claims>) {
    this.#issuers = issuers;
    this.#opaque = new OpaqueRouting(settings.routeOpaqueToken, issuers);
    this.#settings = settings;
    this.#cache = settings.tokenCache === false ? undefined : new TokenCache(settings.tokenCache);
  }

  /**
   * Verifies the token of a credential, or takes the result from the token cache.
   * It does not check `exp`, `nbf`, revocation and binding: `authenticate()` does.
   */
  verify(credential: Credential): MaybePromise<VerifiedToken | Refusal> {
    const cached = this.#fromCache(credential);
    if (cached === undefined) return this.#verifyUncached(credential);
    return chain(this.#recheck(cached), (outcome) => {
      if (outcome instanceof Refusal) return outcome;
      return outcome === true ? new VerifiedToken(credential, cached, true) : this.#verifyUncached(credential);
    });
  }

  /** Looks the token up in the cache. Only tokens with the size and shape of a JWS are cached. */
  #fromCache(credential: Credential): LocalVerification | undefined {
    return couldBeJws(credential, this.#settings.token) ? this.#cache?.get(credential) : undefined;
  }

  /**
   * Checks whether a cached result is still correct: the issuer must be trusted with the same claim
   * rules, and must still publish the key. If the issuer or the key was removed, or cannot be
   * fetched, the token is refused as it would be without the cache.
   */
  #recheck(cached: LocalVerification): MaybePromise<boolean | Refusal> {
    return chain(this.#issuers.find(cached), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      if (issuer.claims !== cached.rules) return false;
      return chain(issuer.signature.keys.find(cached), (key) =>
        key instanceof Refusal ? key.withContext({ issuer: cached.issuer }) : key.isSameAs(cached.key),
      );
    });
  }

  #verifyUncached(credential: Credential): MaybePromise<VerifiedToken | Refusal> {
    const parsed = parseToken(credential, this.#settings.token, this.#headers);
    // A well-formed JWS always satisfies the token68 grammar (RFC 9110 section 11.2), so the
    // grammar is checked only for other tokens.
    if (parsed instanceof Refusal) return refuseGrammar(credential) ?? parsed;
    if (parsed instanceof OpaqueToken) return refuseGrammar(credential) ?? this.#verifyOpaque(parsed);
    return chain(this.#issuers.find(parsed), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      if (issuer.introspection?.introspectsJwts) {
        return this.#introspectJwt(parsed, issuer.claims, issuer.introspection);
      }
      return this.#verifyLocally(parsed, issuer);
    });
  }

  #verifyOpaque(token: OpaqueToken): MaybePromise<VerifiedToken | Refusal> {
    return chain(this.#opaque.find(token), (issuer) => {
      if (issuer instanceof Refusal) return issuer;
      // `find` returns only issuers with introspection. Without introspection the token is refused.
      return issuer.introspection === undefined
        ? notIntrospected
        : this.#introspect(token.credential, issuer.introspection);
    });
  }

  /**
   * Introspects a JWT. The answer of the issuer replaces the signature check. The token's own
   * claims and times are validated first, so that a token that they refuse causes no call.
   */
  #introspectJwt(
    { credential, issuer, jws }: ParsedToken,
    rules: ClaimsSettings,
    introspection: TrustedIntrospection,
  ): MaybePromise<VerifiedToken | Refusal> {
    const own = validateClaims(new IntrospectedToken(credential, issuer, jws.payload, jws.header), rules);
    const outcome = own instanceof Refusal ? own : validateTimes(own, this.#settings.validity);
    return outcome instanceof Refusal
      ? outcome.withContext({ issuer })
      : this.#introspect(credential, introspection, outcome.token);
  }

  #verifyLocally(parsed: ParsedToken, issuer: TrustedIssuer): MaybePromise<VerifiedToken | Refusal> {
    return checkSignature(parsed, issuer.signature, this.#queue, (signed): VerifiedToken | Refusal => {
      if (signed instanceof Refusal) return signed.withContext(contextOf(parsed));
      this.#headers.set(parsed.jws);
      // An attacker can put `mock` into any header. The pipeline therefore reads it only after the
      // signature check.
      if (signed.header['mock'] === true) issuer.warnOfMock?.();
      const outcome = validateClaims(signed, issuer.claims);
      if (!(outcome instanceof Refusal)) return outcome;
      this.#warnOfProfile(signed, issuer.claims);
      return outcome.withContext(contextOf(parsed));
    });
  }

  /** @param own the validated claims of a JWT itself; they narrow what the answer permits */
  #introspect(
    credential: Credential,
    { introspector, claims }: TrustedIntrospection,
    own?: VerifiedToken,
  ): MaybePromise<VerifiedToken | Refusal> {
    return chain(introspector.introspect(credential, own?.facts.expiresAt), (answer) => {
      if (answer instanceof Refusal) this.#warnOfCredentials(answer, claims);
      const token = own === undefined || answer instanceof Refusal ? answer : limitedBy(own.claims, answer);
      const outcome = token instanceof Refusal ? token : validateClaims(token, claims);
      return outcome instanceof Refusal ? outcome.withContext({ issuer: claims.issuer }) : outcome;
    });
  }

  /**
   * Runs the steps whose result may change between two requests, and makes the `Auth`.
   * It does not evaluate a policy.
   */
  authenticate(verified: VerifiedToken): MaybePromise<Auth<Claims> | Refusal> {
    return chain(this.#runRequestSteps(verified), (outcome) =>
      outcome instanceof Refusal ? outcome.withContext(contextOf(verified)) : outcome,
    );
  }

  #runRequestSteps(verified: VerifiedToken): MaybePromise<Auth<Claims> | Refusal> {
    const token = validateTimes(verified, this.#settings.validity);
    if (token instanceof Refusal) return token;
    if (!verified.isCached) this.#store(verified);
    return chain(this.#checkStatus(token), (refusal) => {
      const outcome = refusal ?? confirmBinding(token);
      return outcome instanceof Refusal ? outcome : this.#makeAuth(outcome);
    });
  }

  #store({ credential, verification }: VerifiedToken): void {
    if (verification instanceof LocalVerification) this.#cache?.set(credential, verification);
  }

  /**
   * Checks the status list of the issuer, where the token refers to one. It runs after the times
   * are validated, so that an expired token causes no fetch.
   */
  #checkStatus({ token }: ValidToken): MaybePromise<Refusal | undefined> {
    const { status } = token.claims;
    // A `status` claim without `status_list` is a private claim of the issuer and has no effect.
    if (!refersToStatusList(status)) return undefined;
    return chain(this.#issuers.find(token), (issuer) =>
      issuer instanceof Refusal ? issuer : issuer.statusLists?.check(status),
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

  /** Warns once for each issuer that its introspection endpoint refuses our own credentials. */
  #warnOfCredentials({ fields: { cause } }: Refusal, settings: ClaimsSettings): void {
    if (!(cause instanceof NetworkError) || cause.code !== 'credentials_refused' || this.#warned.has(settings)) return;
    this.#warned.add(settings);
    warnIntrospectionCredentials(settings.issuer);
  }

  /** Warns once for each issuer when its tokens fail only the RFC 9068 rules. */
  #warnOfProfile(signed: SignedToken, settings: ClaimsSettings): void {
    if (this.#warned.has(settings)) return;
    const missing = missingForRfc9068(signed, settings);
    if (missing === undefined) return;
    this.#warned.add(settings);
    warnTokenProfile(signed.issuer, missing);
  }
}
