import { renderDenial } from './challenge/render-denial.js';
import { type CheckOptions, judgeCheckOptions } from './check-options.js';
import { credentialOf, readCredential } from './credential/read-credential.js';
import { BoundedDoor } from './http/bounded-door.js';
import { FetchTransport } from './http/fetch-transport.js';
import { NodeTransport } from './http/node-transport.js';
import type { AccessTokenClaims, Auth } from './model/auth.js';
import type { Decision, Grant } from './model/decision.js';
import { after, type Eventually, isPending } from './model/eventually.js';
import type { Policy } from './model/policy.js';
import type { KeySnapshot, KeySource, NetworkDoor, ServerStatus } from './model/ports.js';
import { Refusal } from './model/refusal.js';
import type { HttpRequest } from './model/request.js';
import type { Credential } from './model/stages.js';
import { observed } from './observe/decisions.js';
import { warnHttpIssuer } from './observe/warnings.js';
import { judgeOptions, type Settings } from './options/judge-options.js';
import type { ResourceServerOptions } from './options/resource-server-options.js';
import { Pipeline, type TrustedIssuer } from './pipeline.js';
import { judgePolicy, neededScopes } from './policy/judge-policy.js';
import { noRequest } from './policy/no-request.js';
import { assertPolicy } from './policy/policies.js';
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
  const settings = judgeOptions<Claims>(options);
  const transport = settings.fetch === undefined ? new NodeTransport() : new FetchTransport(settings.fetch);
  const door = new BoundedDoor(transport, settings.keys.timeoutSeconds * 1000);
  const issuers = buildIssuerDirectory(settings, door);
  warnOfExposed(settings.issuers);
  return Object.freeze(new CheckingServer(settings, issuers, door));
}

/** What a judgement came to: somebody, nobody, or no. */
type Outcome<Claims> = Auth<Claims> | null | Refusal;

class CheckingServer<Claims> implements ResourceServer<Claims> {
  readonly #settings: Settings<Claims>;
  readonly #issuers: IssuerDirectory<TrustedIssuer>;
  readonly #pipeline: Pipeline<Claims>;
  readonly #door: NetworkDoor;

  constructor(settings: Settings<Claims>, issuers: IssuerDirectory<TrustedIssuer>, door: NetworkDoor) {
    this.#settings = settings;
    this.#issuers = issuers;
    this.#pipeline = new Pipeline(issuers, settings);
    this.#door = door;
  }

  async check(request: HttpRequest, options?: CheckOptions): Promise<Decision<Claims>> {
    const { policy, credentials = this.#settings.credentials } = judgeCheckOptions(options, ['policy', 'credentials']);
    return this.#decide(policy, () => {
      const credential = readCredential(request, this.#settings.credential);
      if (credential instanceof Refusal) return credential;
      if (credential !== undefined) return this.#judgeCredential(credential, policy, request);
      return credentials === 'optional' && policy === undefined ? null : missing;
    });
  }

  async checkToken(token: string, options?: Pick<CheckOptions, 'policy'>): Promise<Decision<Claims>> {
    const { policy } = judgeCheckOptions(options, ['policy']);
    return this.#decide(policy, () => {
      const credential = credentialOf(token);
      return credential instanceof Refusal ? credential : this.#judgeCredential(credential, policy, noRequest);
    });
  }

  async authorize(auth: Auth<Claims>, policy: Policy, request: HttpRequest = noRequest): Promise<Decision<Claims>> {
    assertPolicy('policy', policy);
    return this.#decide(policy, () => (isSomebody(auth) ? this.#judgePolicy(policy, auth, request) : notSomebody));
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
    this.#door.close();
  }

  #judgeCredential(
    credential: Credential,
    policy: Policy | undefined,
    request: HttpRequest,
  ): Eventually<Outcome<Claims>> {
    const admitted = after(this.#pipeline.verify(credential), (verified) =>
      verified instanceof Refusal ? verified : this.#pipeline.admit(verified),
    );
    return after(admitted, (auth) => {
      if (auth instanceof Refusal) return auth.concerning({ scheme: credential.scheme });
      return policy === undefined ? auth : this.#judgePolicy(policy, auth, request);
    });
  }

  #judgePolicy(policy: Policy, auth: Auth<Claims>, request: HttpRequest): Eventually<Outcome<Claims>> {
    return after(
      judgePolicy(policy, auth, request),
      (refusal) => refusal?.concerning({ scheme: auth.scheme, issuer: auth.issuer }) ?? auth,
    );
  }

  /** The door out: whatever happened inside becomes a decision, and is seen. */
  #decide(policy: Policy | undefined, judge: () => Eventually<Outcome<Claims>>): Eventually<Decision<Claims>> {
    const close = (outcome: Outcome<Claims>) => this.#close(policy, outcome);
    const fail = (cause: unknown) => this.#close(undefined, new Refusal('internal_failure', { cause }));
    try {
      const outcome = judge();
      return isPending(outcome) ? outcome.then(close).catch(fail) : close(outcome);
    } catch (cause) {
      return fail(cause);
    }
  }

  #close(policy: Policy | undefined, outcome: Outcome<Claims>): Decision<Claims> {
    if (!(outcome instanceof Refusal)) return observed(grant(outcome), outcome ?? {});
    const scopes = policy === undefined ? [] : neededScopes(policy);
    return observed(renderDenial(outcome, scopes, this.#settings.challenge), outcome.context);
  }
}

/** Where credentials are optional, a grant may be for nobody: whoever hands that on asks for somebody's rights for no one. */
function isSomebody(auth: unknown): boolean {
  return typeof auth === 'object' && auth !== null;
}

const notSomebody = new Refusal('internal_failure', { expected: 'somebody who was admitted' });
const missing = new Refusal('credentials_missing', { expected: 'an Authorization header with a Bearer token' });
const noHeaders: Grant['headers'] = Object.freeze([]);

function grant<Claims>(auth: Auth<Claims> | null): Grant<Claims> {
  return Object.freeze({ granted: true, auth, headers: noHeaders });
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
