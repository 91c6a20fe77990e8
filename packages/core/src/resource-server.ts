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
 * Judges requests for protected resources. One for an application: what shares it shares keys.
 *
 * None of its methods throws or rejects for what a client sent; that is what decisions are for. Options that
 * cannot be honoured reject with a `ConfigurationError`.
 */
export interface ResourceServer<Claims = AccessTokenClaims> {
  /** Judges a request: its credential, its token and, when one is given, the policy. */
  check(request: HttpRequest, options?: CheckOptions): Promise<Decision<Claims>>;
  /**
   * Judges an access token that did not come in an Authorization header: WebSocket, gRPC, queues. Only for
   * bearer tokens: one that is bound to a key is refused.
   */
  checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): Promise<Decision<Claims>>;
  /**
   * Judges a policy for somebody who was admitted before.
   *
   * @param request what the conditions of `where` are shown; without it, one that looks is a 500
   */
  authorize(auth: Auth<Claims>, policy: Policy, request?: HttpRequest): Promise<Decision<Claims>>;
  /**
   * Fetches the keys of every configured issuer, and finds its introspection endpoint where tokens are introspected. Rejects with an
   * `AccessError` (`keys_unavailable`, `introspection_unavailable`) when one cannot be had. With `issuer.resolve` there is nobody to wait for.
   */
  ready(): Promise<void>;
  /** How it stands with the keys and the introspection of each issuer. Asks nobody; for health endpoints. */
  status(): ServerStatus;
  /** The keys at hand, with their age, for the `keys.seed` of another process. Contains no secret. */
  snapshot(): KeySnapshot;
  /** Ends every fetch and closes every socket. Keys at hand go on being used; none are fetched any more. */
  close(): Promise<void>;
}

/**
 * Makes a resource server. Does no I/O: keys are fetched when the first token asks for them, or by `ready()`.
 *
 * @example
 * const server = createResourceServer({ issuer: 'https://login.example.com', audience: 'https://api.example.com' });
 * const decision = await server.check(request, { policy: scope('read') });
 * @throws {ConfigurationError} for an option that cannot be honoured, naming it
 */
export function createResourceServer<Claims = AccessTokenClaims>(
  options: ResourceServerOptions<Claims>,
): ResourceServer<Claims> {
  const settings = parseOptions<Claims>(options);
  const transport = settings.fetch === undefined ? new NodeTransport() : new FetchTransport(settings.fetch);
  const fetcher = new BoundedFetcher(transport, settings.keys.timeoutSeconds * 1000);
  const issuers = buildIssuerDirectory(settings, fetcher);
  warnOfExposed(settings.issuers);
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
    const refusal = await readyAll([...this.#issuers.configured()].flatMap(([, issuer]) => neededOf(issuer)));
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

/** How a server is asked where an answer need not be a promise. */
export interface AskedAtOnce<Claims> {
  check(...asked: Parameters<ResourceServer<Claims>['check']>): MaybePromise<Decision<Claims>>;
  authorize(...asked: Parameters<ResourceServer<Claims>['authorize']>): MaybePromise<Decision<Claims>>;
  /** Whether `authorize` wants to be shown the request that `policy` is judged for. */
  wantsRequest(policy: Policy): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: servers of every schema
const checkers = new WeakMap<object, Checker<any>>();

/** For adapters: what a server asks itself. One that was not made here is asked as everybody asks it. */
export function askedAtOnce<Claims>(server: ResourceServer<Claims>): AskedAtOnce<Claims> {
  return checkers.get(server) ?? new AskedFromOutside(server);
}

/** A server that was not made here. What it looks at nobody knows, and its answer may be a thenable of any kind. */
class AskedFromOutside<Claims> implements AskedAtOnce<Claims> {
  readonly #server: ResourceServer<Claims>;

  constructor(server: ResourceServer<Claims>) {
    this.#server = server;
  }

  async check(...asked: Parameters<ResourceServer<Claims>['check']>): Promise<Decision<Claims>> {
    return this.#server.check(...asked);
  }

  async authorize(...asked: Parameters<ResourceServer<Claims>['authorize']>): Promise<Decision<Claims>> {
    return this.#server.authorize(...asked);
  }

  wantsRequest(): boolean {
    return true;
  }
}

/** What has to be at hand before tokens of an issuer can be judged. */
type Readied = Pick<KeySource, 'ready'>;

function neededOf({ signature, introspection, statusLists }: TrustedIssuer): readonly Readied[] {
  if (introspection === undefined) return [signature.keys];
  const needsKeys = !introspection.isForAll || introspection.isSigned || statusLists !== undefined;
  return needsKeys ? [signature.keys, introspection.introspector] : [introspection.introspector];
}

/** How many issuers are asked for their keys at a time: thousands at once would run out of sockets. */
const readyAtOnce = 32;

/** Readies every source; the first one's refusal, in their order. */
async function readyAll(sources: readonly Readied[]): Promise<Refusal | undefined> {
  const refusals: (Refusal | undefined)[] = [];
  const left = sources.entries();
  const work = async () => {
    for (const [at, source] of left) refusals[at] = await source.ready();
  };
  await Promise.all(Array.from({ length: readyAtOnce }, work));
  return refusals.find((refusal) => refusal !== undefined);
}

function warnOfExposed(issuers: Settings<unknown>['issuers']): void {
  if (typeof issuers === 'function') return;
  for (const { issuer, isExposed } of issuers) if (isExposed) warnHttpIssuer(issuer);
}
