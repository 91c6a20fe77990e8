import type { AccessTokenClaims, Auth } from '../model/auth.js';
import type { Decision } from '../model/decision.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import type { Policy } from '../model/policy.js';
import type { HttpRequest } from '../model/request.js';
import { bare } from '../objects/bare.js';
import { memberOf } from '../objects/members.js';
import { noOptions } from '../options/assert.js';
import type { ResourceServerOptions } from '../options/resource-server-options.js';
import { assertPolicy } from '../policy/policies.js';
import { askedAtOnce, createResourceServer, type ResourceServer } from '../resource-server.js';
import { type AuthMiddlewareOptions, type OnDenied, parseAuthMiddlewareOptions } from './auth-middleware-options.js';
import { denyUnguarded } from './deny-unguarded.js';
import type { GetAuth, GetAuthOptions } from './get-auth.js';

/** What came of a request at a gate or a guard, and how a refusal is to be answered. */
export class Verdict<Arguments extends readonly unknown[]> {
  readonly decision: Decision<unknown>;
  readonly onDenied: OnDenied<Arguments>;

  constructor(decision: Decision<unknown>, onDenied: OnDenied<Arguments>) {
    this.decision = decision;
    this.onDenied = onDenied;
  }
}

/** What a gate decided for one native request. */
class AuthRecord<Arguments extends readonly unknown[]> {
  /** Who judged; `undefined` for a test double, which stands for whichever server is asked about. */
  readonly server: ResourceServer<unknown> | undefined;
  readonly auth: Auth<unknown> | null;
  readonly onDenied: OnDenied<Arguments>;

  constructor(server: ResourceServer<unknown> | undefined, auth: Auth<unknown> | null, onDenied: OnDenied<Arguments>) {
    this.server = server;
    this.auth = auth;
    this.onDenied = onDenied;
  }
}

/** How a framework's own request is seen. */
export interface RequestReader<Native> {
  /** Node's request in it, which is one object for all that handle it. */
  readonly identityOf: (request: Native) => object;
  /** What core reads of it. Asked only when somebody looks. */
  readonly read: (request: Native) => HttpRequest;
}

/** A gate, which judges a request and remembers the answer, or a guard, which judges a policy for whom a gate admitted. */
export type Judge<Arguments extends readonly unknown[], Native = HttpRequest> = (
  request: Native,
) => MaybePromise<Verdict<Arguments>>;

/**
 * The part of an adapter that no framework changes. Each adapter has one.
 *
 * What a gate decided is kept here, by the native request (`HttpRequest.identity`), where no other
 * middleware can write: guards believe nothing else.
 *
 * @typeParam Arguments what the framework hands to a handler, and so to an `onDenied` function
 * @typeParam Native the framework's own request
 */
export class Authenticator<Arguments extends readonly unknown[], Native = HttpRequest> {
  readonly #view: RequestReader<Native>;
  readonly #admissions = new WeakMap<object, AuthRecord<Arguments>>();

  constructor(view: RequestReader<Native>) {
    this.#view = view;
  }

  /** Makes a gate of a server, or of the options for one. */
  gate<Claims>(
    source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
    options: AuthMiddlewareOptions<Arguments> = noOptions,
  ): Judge<Arguments, Native> {
    const server = isServer(source) ? source : createResourceServer(source);
    const asked = askedAtOnce(server);
    const { onDenied, check } = parseAuthMiddlewareOptions(options);
    return (request) => {
      const identity = this.#view.identityOf(request);
      const earlier = this.#admissions.get(identity);
      // Nobody is not somebody: where credentials are required, an earlier optional gate says nothing.
      if (earlier?.auth && (earlier.server === server || earlier.server === undefined)) {
        this.#admissions.set(identity, new AuthRecord(earlier.server, earlier.auth, onDenied));
        return new Verdict<Arguments>({ granted: true, auth: earlier.auth, headers: [] }, onDenied);
      }
      // What another server admitted is void from here on, whatever comes of this check.
      if (earlier !== undefined) this.#admissions.delete(identity);
      return chain(asked.check(this.#view.read(request), check), (decision) => {
        if (decision.granted) this.#admissions.set(identity, new AuthRecord(server, decision.auth, onDenied));
        return new Verdict(decision, onDenied);
      });
    };
  }

  /** Makes a guard of a policy. Without a gate in front of it, it answers 500. */
  guard(policy: Policy): Judge<Arguments, Native> {
    assertPolicy('policy', policy);
    return (request) => {
      const admission = this.#admissions.get(this.#view.identityOf(request));
      if (admission === undefined) return new Verdict<Arguments>(denyUnguarded(), 'respond');
      const { auth, server, onDenied } = admission;
      const asked = askedAtOnce(server ?? serverForTestDoubles());
      const decided =
        auth === null
          ? asked.check(withoutCredentials(this.#view.read(request)), { policy })
          : asked.authorize(auth, policy, asked.wantsRequest(policy) ? this.#view.read(request) : undefined);
      return chain(decided, (decision) => new Verdict(decision, onDenied));
    };
  }

  /** Who was admitted with a native request; see {@link GetAuth}. */
  readonly getAuth: GetAuth<object> = ((native: object, options: GetAuthOptions = noOptions) => {
    const { optional, from } = bare(options);
    const admission = this.#admissions.get(native);
    if (admission === undefined) throw new TypeError('getAuth: auth() has not admitted this request');
    if (from !== undefined && admission.server !== undefined && admission.server !== from) {
      throw new TypeError('getAuth: another server than the one in `from` judged this request');
    }
    if (admission.auth === null && optional !== true) throw new TypeError('getAuth: nobody was admitted');
    return admission.auth;
  }) as GetAuth<object>;

  /** For tests: as if a gate had admitted `auth`, whichever server it belongs to. */
  pretend(native: object, auth: Auth<unknown>): void {
    this.#admissions.set(native, new AuthRecord<Arguments>(undefined, auth, 'respond'));
  }
}

function isServer<Claims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
): source is ResourceServer<Claims> {
  return typeof memberOf(Object(source), 'check') === 'function';
}

/** A gate that admitted nobody has judged these headers; what counts now is only that a policy needs somebody. */
function withoutCredentials(request: HttpRequest): HttpRequest {
  return { method: request.method, url: '', rawHeaders: [] };
}

/** Judges policies for test doubles, whose server is nowhere. */
function serverForTestDoubles(): ResourceServer<AccessTokenClaims> {
  return createResourceServer({ issuer: 'https://issuer.test', audience: null });
}
