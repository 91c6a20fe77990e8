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

/** What a judgement came to: somebody, nobody, or no. */
type Outcome<Claims> = Auth<Claims> | null | Refusal;

/**
 * Judges requests, tokens and policies, and closes each judgement into a decision: at once where nothing has to be waited for.
 * Throws for options that cannot be honoured, and for nothing else.
 */
export class Checker<Claims> {
  readonly #settings: Settings<Claims>;
  readonly #pipeline: Pipeline<Claims>;

  constructor(settings: Settings<Claims>, pipeline: Pipeline<Claims>) {
    this.#settings = settings;
    this.#pipeline = pipeline;
  }

  check(request: HttpRequest, options?: CheckOptions): MaybePromise<Decision<Claims>> {
    const { policy, credentials = this.#settings.credentials } = parseCheckOptions(options, ['policy', 'credentials']);
    return this.#decide(policy, () => {
      const credential = readCredential(request, this.#settings.credential);
      if (credential instanceof Refusal) return credential;
      if (credential !== undefined) return this.#validateCredential(credential, policy, request);
      return credentials === 'optional' && policy === undefined ? null : missing;
    });
  }

  checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): MaybePromise<Decision<Claims>> {
    const { policy } = parseCheckOptions(options, ['policy']);
    return this.#decide(policy, () => {
      const credential = credentialOf(token);
      return credential instanceof Refusal ? credential : this.#validateCredential(credential, policy, noRequest);
    });
  }

  authorize(auth: Auth<Claims>, policy: Policy, request: HttpRequest = noRequest): MaybePromise<Decision<Claims>> {
    assertPolicy('policy', policy);
    return this.#decide(policy, () => (isSomebody(auth) ? this.#evaluatePolicy(policy, auth, request) : notSomebody));
  }

  /** Whether the request is looked at where `policy` is judged. */
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
    const admitted = verified instanceof Refusal ? verified : this.#pipeline.admit(verified);
    return chain(admitted, (auth) => {
      if (auth instanceof Refusal) return auth.context.scheme === scheme ? auth : auth.concerning({ scheme });
      return policy === undefined ? auth : this.#evaluatePolicy(policy, auth, request);
    });
  }

  #evaluatePolicy(policy: Policy, auth: Auth<Claims>, request: HttpRequest): MaybePromise<Outcome<Claims>> {
    return chain(
      evaluatePolicy(policy, auth, request),
      (refusal) => refusal?.concerning({ scheme: auth.scheme, issuer: auth.issuer }) ?? auth,
    );
  }

  /** The door out: whatever happened inside becomes a decision, and is seen. */
  #decide(policy: Policy | undefined, judge: () => MaybePromise<Outcome<Claims>>): MaybePromise<Decision<Claims>> {
    let outcome: MaybePromise<Outcome<Claims>>;
    try {
      outcome = judge();
    } catch (cause) {
      return this.#fail(cause);
    }
    if (!isPromiseLike(outcome)) return this.#conclude(policy, outcome);
    return outcome.then(
      (late) => this.#conclude(policy, late),
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
 * Where credentials are optional, a grant may be for nobody: whoever hands that on asks for somebody's rights for no one. Who is still to come
 * may be nobody too.
 */
function isSomebody(auth: unknown): boolean {
  return typeof auth === 'object' && auth !== null && !isPromiseLike(auth);
}

const notSomebody = new Refusal('internal_failure', { expected: 'somebody who was admitted' });
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
