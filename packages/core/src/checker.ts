import { renderDenial } from './challenge/render-denial.js';
import { type CheckOptions, parseCheckOptions } from './check-options.js';
import { credentialOf, readCredential } from './credential/read-credential.js';
import type { Auth } from './model/auth.js';
import type { Decision, Granted } from './model/decision.js';
import { chain, isPromiseLike, type MaybePromise } from './model/maybe-promise.js';
import type { Policy } from './model/policy.js';
import { noContext, Refusal } from './model/refusal.js';
import type { HttpRequest } from './model/request.js';
import type { Credential, VerifiedToken } from './model/stages.js';
import { observed } from './observe/decisions.js';
import type { Settings } from './options/parse-options.js';
import type { Pipeline } from './pipeline.js';
import { evaluatePolicy, looksAtRequest, neededScopes } from './policy/evaluate-policy.js';
import { noRequest } from './policy/no-request.js';
import { assertPolicy } from './policy/policies.js';

/** The result of validation: an `Auth`, `null` for an anonymous request, or a refusal. */
type Outcome<Claims> = Auth<Claims> | null | Refusal;

/**
 * Validates requests and tokens, evaluates policies, and makes a decision from each result. The
 * decision is returned without a promise where no step is asynchronous.
 *
 * Invalid options throw a `ConfigurationError`. Every other failure becomes a decision.
 */
export class Checker<Claims> {
  readonly #settings: Settings<Claims>;
  readonly #pipeline: Pipeline<Claims>;

  constructor(settings: Settings<Claims>, pipeline: Pipeline<Claims>) {
    this.#settings = settings;
    this.#pipeline = pipeline;
  }

  /** See `ResourceServer.check`. */
  check(request: HttpRequest, options?: CheckOptions): MaybePromise<Decision<Claims>> {
    const { policy, credentials = this.#settings.credentials } = parseCheckOptions(options, ['policy', 'credentials']);
    return this.#decide(policy, () => {
      const credential = readCredential(request, this.#settings.credential);
      if (credential instanceof Refusal) return credential;
      if (credential !== undefined) return this.#validateCredential(credential, policy, request);
      return credentials === 'optional' && policy === undefined ? null : missing;
    });
  }

  /** See `ResourceServer.checkToken`. */
  checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): MaybePromise<Decision<Claims>> {
    const { policy } = parseCheckOptions(options, ['policy']);
    return this.#decide(policy, () => {
      const credential = credentialOf(token);
      return credential instanceof Refusal ? credential : this.#validateCredential(credential, policy, noRequest);
    });
  }

  /** See `ResourceServer.authorize`. */
  authorize(auth: Auth<Claims>, policy: Policy, request: HttpRequest = noRequest): MaybePromise<Decision<Claims>> {
    assertPolicy('policy', policy);
    return this.#decide(policy, () =>
      isAuthenticated(auth) ? this.#evaluatePolicy(policy, auth, request) : notAuthenticated,
    );
  }

  /** Whether the evaluation of `policy` reads the request. */
  wantsRequest(policy: Policy): boolean {
    return looksAtRequest(policy);
  }

  #validateCredential(
    credential: Credential,
    policy: Policy | undefined,
    request: HttpRequest,
  ): MaybePromise<Outcome<Claims>> {
    return chain(this.#pipeline.verify(credential), (verified) =>
      this.#validateVerified(verified, credential, policy, request),
    );
  }

  #validateVerified(
    verified: VerifiedToken | Refusal,
    { scheme }: Credential,
    policy: Policy | undefined,
    request: HttpRequest,
  ): MaybePromise<Outcome<Claims>> {
    const authenticated = verified instanceof Refusal ? verified : this.#pipeline.authenticate(verified);
    return chain(authenticated, (auth) => {
      if (auth instanceof Refusal) return auth.context.scheme === scheme ? auth : auth.withContext({ scheme });
      return policy === undefined ? auth : this.#evaluatePolicy(policy, auth, request);
    });
  }

  #evaluatePolicy(policy: Policy, auth: Auth<Claims>, request: HttpRequest): MaybePromise<Outcome<Claims>> {
    return chain(
      evaluatePolicy(policy, auth, request),
      (refusal) => refusal?.withContext({ scheme: auth.scheme, issuer: auth.issuer }) ?? auth,
    );
  }

  /**
   * Runs a validation, makes the decision, and publishes it on the diagnostics channel.
   * An exception becomes the refusal `internal_failure` (500).
   */
  #decide(policy: Policy | undefined, validate: () => MaybePromise<Outcome<Claims>>): MaybePromise<Decision<Claims>> {
    let outcome: MaybePromise<Outcome<Claims>>;
    try {
      outcome = validate();
    } catch (cause) {
      return this.#fail(cause);
    }
    if (!isPromiseLike(outcome)) return this.#conclude(policy, outcome);
    return outcome.then(
      (settled) => this.#conclude(policy, settled),
      (cause: unknown) => this.#fail(cause),
    );
  }

  #conclude(policy: Policy | undefined, outcome: Outcome<Claims>): Decision<Claims> {
    try {
      return this.#close(policy, outcome);
    } catch (cause) {
      return this.#fail(cause);
    }
  }

  #fail(cause: unknown): Decision<Claims> {
    return this.#close(undefined, new Refusal('internal_failure', { cause }));
  }

  #close(policy: Policy | undefined, outcome: Outcome<Claims>): Decision<Claims> {
    if (!(outcome instanceof Refusal)) return observed(new GrantedDecision(outcome), outcome ?? noContext);
    const scopes = policy === undefined ? [] : neededScopes(policy);
    return observed(renderDenial(outcome, scopes, this.#settings.challenge), outcome.context);
  }
}

/**
 * Whether `auth` is an `Auth`. With optional credentials it may be `null` (anonymous), and a caller
 * may have passed a Promise without `await`. Neither may satisfy a policy.
 */
function isAuthenticated(auth: unknown): boolean {
  return typeof auth === 'object' && auth !== null && !isPromiseLike(auth);
}

const notAuthenticated = new Refusal('internal_failure', {
  expected: 'authorize() to get an Auth from check(); it got null, a Promise or another value',
});
const missing = new Refusal('credentials_missing', { expected: 'an Authorization header with a Bearer token' });
const noHeaders: Granted['headers'] = Object.freeze([]);

class GrantedDecision<Claims> implements Granted<Claims> {
  readonly granted = true;
  readonly auth: Auth<Claims> | null;
  readonly headers = noHeaders;

  constructor(auth: Auth<Claims> | null) {
    this.auth = auth;
    Object.freeze(this);
  }
}
