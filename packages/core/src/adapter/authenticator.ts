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
import { createResourceServer, directApi, type ResourceServer } from '../resource-server.js';
import { type AuthMiddlewareOptions, type OnDenied, parseAuthMiddlewareOptions } from './auth-middleware-options.js';
import { denyUnguarded } from './deny-unguarded.js';
import type { GetAuth, GetAuthOptions } from './get-auth.js';

/** The decision of `auth()` or of a guard for one request, and what happens if it is a refusal. */
export class Verdict<Arguments extends readonly unknown[]> {
  readonly decision: Decision<unknown>;
  readonly onDenied: OnDenied<Arguments>;

  constructor(decision: Decision<unknown>, onDenied: OnDenied<Arguments>) {
    this.decision = decision;
    this.onDenied = onDenied;
  }
}

/** The stored result of `auth()` for one native request. */
class AuthRecord<Arguments extends readonly unknown[]> {
  /**
   * The server that checked the request; `undefined` for a test double, which counts for every
   * server.
   */
  readonly server: ResourceServer<unknown> | undefined;
  readonly auth: Auth<unknown> | null;
  readonly onDenied: OnDenied<Arguments>;

  constructor(server: ResourceServer<unknown> | undefined, auth: Auth<unknown> | null, onDenied: OnDenied<Arguments>) {
    this.server = server;
    this.auth = auth;
    this.onDenied = onDenied;
  }
}

/** How the framework's request is read. */
export interface RequestReader<Native> {
  /** Node's request in it: the same object for all middleware of one request. */
  readonly identityOf: (request: Native) => object;
  /**
   * Converts it to the request that core reads. It is called only when a check needs the request.
   */
  readonly read: (request: Native) => HttpRequest;
}

/**
 * A gate, which checks a request and stores the result; or a guard, which evaluates a policy for a
 * request that a gate has accepted.
 */
export type RequestCheck<Arguments extends readonly unknown[], Native = HttpRequest> = (
  request: Native,
) => MaybePromise<Verdict<Arguments>>;

/**
 * The part of an adapter that does not depend on the framework. Each adapter has one instance.
 *
 * It stores the result of each gate by the native request. Guards and `getAuth` read only this
 * store, since other middleware can write `req.auth`, but not the store.
 *
 * @typeParam Arguments the arguments of the framework's handlers, and so of an `onDenied` function
 * @typeParam Native the framework's request
 */
export class Authenticator<Arguments extends readonly unknown[], Native = HttpRequest> {
  readonly #reader: RequestReader<Native>;
  readonly #records = new WeakMap<object, AuthRecord<Arguments>>();

  constructor(reader: RequestReader<Native>) {
    this.#reader = reader;
  }

  /**
   * Creates a gate: the check behind `auth()`.
   *
   * @param source a server, or the options for one
   * @throws {ConfigurationError} for a wrong option
   */
  gate<Claims>(
    source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
    options: AuthMiddlewareOptions<Arguments> = noOptions,
  ): RequestCheck<Arguments, Native> {
    const server = isServer(source) ? source : createResourceServer(source);
    const api = directApi(server);
    const { onDenied, check } = parseAuthMiddlewareOptions(options);
    return (request) => {
      const identity = this.#reader.identityOf(request);
      const earlier = this.#records.get(identity);
      // An earlier optional `auth()` may have stored `null` (anonymous). That must not satisfy a
      // gate that requires credentials.
      if (earlier?.auth && (earlier.server === server || earlier.server === undefined)) {
        this.#records.set(identity, new AuthRecord(earlier.server, earlier.auth, onDenied));
        return new Verdict<Arguments>({ granted: true, auth: earlier.auth, headers: [] }, onDenied);
      }
      // An earlier result is deleted before the check, so that it does not remain after a refusal.
      if (earlier !== undefined) this.#records.delete(identity);
      return chain(api.check(this.#reader.read(request), check), (decision) => {
        if (decision.granted) this.#records.set(identity, new AuthRecord(server, decision.auth, onDenied));
        return new Verdict(decision, onDenied);
      });
    };
  }

  /**
   * Creates a guard: the check behind `requirePolicy()`. Without a gate before it, it answers 500.
   *
   * @throws {ConfigurationError} for a value that is not a policy
   */
  guard(policy: Policy): RequestCheck<Arguments, Native> {
    assertPolicy('policy', policy);
    return (request) => {
      const record = this.#records.get(this.#reader.identityOf(request));
      if (record === undefined) return new Verdict<Arguments>(denyUnguarded(), 'respond');
      const { auth, server, onDenied } = record;
      const api = directApi(server ?? serverForTestDoubles());
      const decided =
        auth === null
          ? api.check(withoutCredentials(this.#reader.read(request)), { policy })
          : api.authorize(auth, policy, api.wantsRequest(policy) ? this.#reader.read(request) : undefined);
      return chain(decided, (decision) => new Verdict(decision, onDenied));
    };
  }

  /** Returns the validated token of a native request; see {@link GetAuth}. */
  readonly getAuth: GetAuth<object> = ((native: object, options: GetAuthOptions = noOptions) => {
    const { optional, from } = bare(options);
    const record = this.#records.get(native);
    if (record === undefined) {
      throw new TypeError('getAuth: auth() has not accepted this request; put auth() before this handler');
    }
    if (from !== undefined && record.server !== undefined && record.server !== from) {
      throw new TypeError('getAuth: another server than the one in `from` checked this request; pass that of auth()');
    }
    if (record.auth === null && optional !== true) {
      throw new TypeError('getAuth: this request is anonymous; use { optional: true } to get null instead');
    }
    return record.auth;
  }) as GetAuth<object>;

  /** For tests: stores `auth` as if a gate of any server had accepted it. Checks nothing. */
  pretend(native: object, auth: Auth<unknown>): void {
    this.#records.set(native, new AuthRecord<Arguments>(undefined, auth, 'respond'));
  }
}

function isServer<Claims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
): source is ResourceServer<Claims> {
  return typeof memberOf(Object(source), 'check') === 'function';
}

/**
 * The request of an anonymous client without its headers, which the gate has already checked. A
 * policy requires credentials, so that the check of this request gives the 401.
 */
function withoutCredentials(request: HttpRequest): HttpRequest {
  return { method: request.method, url: '', rawHeaders: [] };
}

/** A server that evaluates policies for test doubles, which belong to no server. */
function serverForTestDoubles(): ResourceServer<AccessTokenClaims> {
  return createResourceServer({ issuer: 'https://issuer.test', audience: null });
}
