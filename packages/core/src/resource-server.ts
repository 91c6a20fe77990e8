import { renderDenial } from './challenge/render-denial.js';
import type { CheckOptions } from './check-options.js';
import { Checker } from './checker.js';
import { BoundedFetcher } from './http/bounded-fetcher.js';
import { FetchTransport } from './http/fetch-transport.js';
import { NodeTransport } from './http/node-transport.js';
import type { AccessTokenClaims, Auth } from './model/auth.js';
import type { Decision } from './model/decision.js';
import { type MaybePromise, toPromise } from './model/maybe-promise.js';
import type { Policy } from './model/policy.js';
import type { Fetcher, KeySnapshot, KeySource, ServerStatus } from './model/ports.js';
import type { Refusal } from './model/refusal.js';
import type { HttpRequest } from './model/request.js';
import { warnHttpIssuer } from './observe/warnings.js';
import { parseOptions, type Settings } from './options/parse-options.js';
import type { ResourceServerOptions } from './options/resource-server-options.js';
import { Pipeline, type TrustedIssuer } from './pipeline.js';
import type { IssuerDirectory } from './token/issuer-directory.js';
import { buildIssuerDirectory } from './trusted-issuers.js';

/**
 * Validates the access tokens of requests. Create one server for an application and share it: all
 * users of one server share its keys and its caches.
 *
 * No method throws or rejects because of what a client sent: the result is a decision. Invalid
 * options reject with a `ConfigurationError`.
 */
export interface ResourceServer<Claims = AccessTokenClaims> {
  /**
   * Validates a request: its credential, its access token and, where one is given, the policy.
   *
   * @param request the request as it arrived, before a framework has parsed it
   * @param options settings for this check alone
   * @throws {ConfigurationError} (as a rejection) for an invalid option
   */
  check(request: HttpRequest, options?: CheckOptions): Promise<Decision<Claims>>;
  /**
   * Validates an access token that did not come in an Authorization header, for example from a
   * WebSocket, gRPC or a queue. It accepts bearer tokens only: a token that is bound to a key
   * (`cnf`) is refused. A `where` policy that reads the request is refused with 500.
   *
   * @param token the access token alone, without the scheme
   * @throws {ConfigurationError} (as a rejection) for an invalid option
   */
  checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): Promise<Decision<Claims>>;
  /**
   * Evaluates a policy for a request that was authenticated before. It does not validate the token
   * again: expiry and revocation are not checked.
   *
   * @param auth the `auth` of an earlier decision; `null` or a Promise is refused with 500
   * @param request passed to the conditions of `where`; without it, a condition that reads the
   *   request is refused with 500
   * @throws {ConfigurationError} (as a rejection) for a value that is not a policy
   */
  authorize(auth: Auth<Claims>, policy: Policy, request?: HttpRequest): Promise<Decision<Claims>>;
  /**
   * Fetches the keys of every configured issuer, and finds its introspection endpoint where tokens
   * are introspected. With `issuer.resolve` no issuer is configured, and nothing is fetched.
   *
   * @throws {AccessError} (as a rejection) `keys_unavailable` or `introspection_unavailable`, when
   *   a key set or an endpoint cannot be fetched
   */
  ready(): Promise<void>;
  /** The state of each issuer's keys and introspection, for health endpoints. Does no I/O. */
  status(): ServerStatus;
  /** The cached keys and their age, for the `keys.seed` of another process. Contains no secret. */
  snapshot(): KeySnapshot;
  /**
   * Aborts every fetch and closes every socket. Tokens are still validated with the cached keys,
   * but no keys are fetched any more.
   */
  close(): Promise<void>;
}

/**
 * Creates a resource server. Does no I/O: keys are fetched when the first token needs them, or by
 * `ready()`.
 *
 * @example
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 * const decision = await server.check(request, { policy: scope('read') });
 * @throws {ConfigurationError} for an invalid option; the error names the option
 */
export function createResourceServer<Claims = AccessTokenClaims>(
  options: ResourceServerOptions<Claims>,
): ResourceServer<Claims> {
  const settings = parseOptions<Claims>(options);
  const transport = settings.fetch === undefined ? new NodeTransport() : new FetchTransport(settings.fetch);
  const fetcher = new BoundedFetcher(transport, settings.keys.timeoutSeconds * 1000);
  const issuers = buildIssuerDirectory(settings, fetcher);
  warnOfHttpIssuers(settings.issuers);
  return Object.freeze(new CheckingServer(settings, issuers, fetcher));
}

class CheckingServer<Claims> implements ResourceServer<Claims> {
  readonly #settings: Settings<Claims>;
  readonly #issuers: IssuerDirectory<TrustedIssuer>;
  readonly #checker: Checker<Claims>;
  readonly #fetcher: Fetcher;

  constructor(settings: Settings<Claims>, issuers: IssuerDirectory<TrustedIssuer>, fetcher: Fetcher) {
    this.#settings = settings;
    this.#issuers = issuers;
    this.#checker = new Checker(settings, new Pipeline(issuers, settings));
    this.#fetcher = fetcher;
    checkers.set(this, this.#checker);
  }

  check(request: HttpRequest, options?: CheckOptions): Promise<Decision<Claims>> {
    return toPromise(() => this.#checker.check(request, options));
  }

  checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): Promise<Decision<Claims>> {
    return toPromise(() => this.#checker.checkToken(token, options));
  }

  authorize(auth: Auth<Claims>, policy: Policy, request?: HttpRequest): Promise<Decision<Claims>> {
    return toPromise(() => this.#checker.authorize(auth, policy, request));
  }

  async ready(): Promise<void> {
    const refusal = await readyAll([...this.#issuers.configured()].flatMap(([, issuer]) => requiredSources(issuer)));
    if (refusal !== undefined) throw renderDenial(refusal, [], this.#settings.challenge).error;
  }

  status(): ServerStatus {
    const issuers = Array.from(this.#issuers.trusted(), ([issuer, { signature, introspection }]) => ({
      issuer,
      ...signature.keys.status(),
      ...(introspection && { introspection: introspection.introspector.status() }),
    }));
    return Object.freeze({ issuers: Object.freeze(issuers) });
  }

  snapshot(): KeySnapshot {
    const issuers = [...this.#issuers.trusted()].flatMap(([, { signature }]) => signature.keys.snapshot() ?? []);
    return Object.freeze({ version: 1, issuers: Object.freeze(issuers) });
  }

  async close(): Promise<void> {
    this.#fetcher.close();
  }
}

/** The methods of a server that adapters call. The result is a promise only where it has to be. */
export interface DirectApi<Claims> {
  /** See {@link ResourceServer.check}. */
  check(...given: Parameters<ResourceServer<Claims>['check']>): MaybePromise<Decision<Claims>>;
  /** See {@link ResourceServer.authorize}. */
  authorize(...given: Parameters<ResourceServer<Claims>['authorize']>): MaybePromise<Decision<Claims>>;
  /** Whether `authorize` needs the request to evaluate `policy`. */
  wantsRequest(policy: Policy): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: servers of every schema
const checkers = new WeakMap<object, Checker<any>>();

/**
 * For adapters: the {@link DirectApi} of a server. Another implementation of `ResourceServer` is
 * called through its public methods.
 */
export function directApi<Claims>(server: ResourceServer<Claims>): DirectApi<Claims> {
  return checkers.get(server) ?? new ForeignServer(server);
}

/**
 * A server that `createResourceServer` did not make. Its policies may read the request, so that
 * `wantsRequest` is always true. Its methods may return any thenable, so that these are `async`.
 */
class ForeignServer<Claims> implements DirectApi<Claims> {
  readonly #server: ResourceServer<Claims>;

  constructor(server: ResourceServer<Claims>) {
    this.#server = server;
  }

  async check(...given: Parameters<ResourceServer<Claims>['check']>): Promise<Decision<Claims>> {
    return this.#server.check(...given);
  }

  async authorize(...given: Parameters<ResourceServer<Claims>['authorize']>): Promise<Decision<Claims>> {
    return this.#server.authorize(...given);
  }

  wantsRequest(): boolean {
    return true;
  }
}

/** What must be fetched before the tokens of an issuer can be validated: keys, or an endpoint. */
type RequiredSource = Pick<KeySource, 'ready'>;

function requiredSources({ signature, introspection, statusLists }: TrustedIssuer): readonly RequiredSource[] {
  if (introspection === undefined) return [signature.keys];
  const needsKeys = !introspection.introspectsJwts || introspection.isSigned || statusLists !== undefined;
  return needsKeys ? [signature.keys, introspection.introspector] : [introspection.introspector];
}

/** How many sources are fetched at the same time: thousands of them would exhaust the sockets. */
const maxConcurrentSources = 32;

/**
 * Fetches every source.
 *
 * @returns the refusal of the first source, in the order of the list, that cannot be fetched
 */
async function readyAll(sources: readonly RequiredSource[]): Promise<Refusal | undefined> {
  const refusals: (Refusal | undefined)[] = [];
  const left = sources.entries();
  const work = async () => {
    for (const [at, source] of left) refusals[at] = await source.ready();
  };
  await Promise.all(Array.from({ length: maxConcurrentSources }, work));
  return refusals.find((refusal) => refusal !== undefined);
}

/** Warns of issuers with plain http: an attacker on the network can replace their keys. */
function warnOfHttpIssuers(issuers: Settings<unknown>['issuers']): void {
  if (typeof issuers === 'function') return;
  for (const { issuer, isExposed } of issuers) if (isExposed) warnHttpIssuer(issuer);
}
