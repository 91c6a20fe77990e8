import { signatureAlgorithms } from './algorithms.js';
import { authorizationServer } from './authorization-server.js';
import type { AuthorizedCode, AuthorizeRequest } from './authorize.js';
import { type BadTokens, badTokens } from './bad/bad-tokens.js';
import { ClientAuthentication } from './client-authentication/authenticate-client.js';
import type { MockClock } from './clock.js';
import { FaultBoard, type Faults } from './faults/faults.js';
import { isLoopback, listen } from './http/listener.js';
import { RequestLog, type Requests } from './http/request-log.js';
import { serve } from './http/routes.js';
import { Issuance } from './issuance.js';
import { KeyRing, type Keys } from './key-ring.js';
import { Mint } from './mint.js';
import { judgeOptions, type MockIssuerOptions, type Settings } from './options.js';
import { credentialsIn, type ResourceServerCredentials, registerAll } from './registrations.js';
import type { JwkSet } from './signing-key.js';
import { siteOf } from './site.js';
import { routesOf } from './site-routes.js';
import { openState, type State } from './state/state-file.js';
import { ClientStore } from './stores/client-store.js';
import { ReplayStore } from './stores/replay-store.js';
import { StatusStore } from './stores/status-store.js';
import { TokenStore } from './stores/token-store.js';
import type { TokenRequest } from './token-request.js';
import { type StatusList, TokenStatuses } from './token-status.js';

/** A running issuer. */
export interface MockIssuer {
  /** The issuer identifier: the `iss` of its tokens, `http://127.0.0.1:PORT` and the path. */
  readonly issuer: string;
  /** Where its keys are: `/jwks` below the issuer identifier. */
  readonly jwksUri: string;
  /**
   * The JSON Web Key Set as the endpoint would serve it without a fault, for verifiers that use no network; a copy each time.
   * Keys of `algorithms` that nobody needed so far are made on the spot, which for RSA holds the event loop for tens of milliseconds.
   */
  readonly jwks: JwkSet;
  /** Where clients send users: `/authorize` below the issuer identifier. */
  readonly authorizationEndpoint: string;
  /** Where clients push authorization requests: `/par` below the issuer identifier. */
  readonly pushedAuthorizationRequestEndpoint: string;
  /** Where clients get tokens: `/token` below the issuer identifier. */
  readonly tokenEndpoint: string;
  /** Where tokens are introspected: `/introspect` below the issuer identifier. */
  readonly introspectionEndpoint: string;
  /** Where clients revoke tokens: `/revoke` below the issuer identifier. */
  readonly revocationEndpoint: string;
  /** Credentials of a resource server that is always there, and may introspect every token: what a server under test needs to be told. */
  readonly resourceServer: ResourceServerCredentials;
  /** The status of tokens that were asked for with one. */
  readonly statusList: StatusList;
  /** Signature keys. */
  readonly keys: Keys;
  /** Tokens a resource server must refuse, one fault each. `Object.keys` lists them. */
  readonly bad: BadTokens;
  /** Trouble at the endpoints. */
  readonly faults: Faults;
  /** What the endpoints were asked. */
  readonly requests: Requests;
  /** The time by which tokens are dated. */
  readonly clock: MockClock;
  /**
   * Mints an access token in the profile of RFC 9068, as a JWT or opaque, in this process: no grant, no client and no user is asked.
   * Introspection knows it.
   *
   * @throws TypeError when the request has an unknown or ill-typed member.
   */
  token(request?: TokenRequest): Promise<string>;
  /**
   * Takes a user through an authorization request in this process, without a browser: the answer has a code, and gives the tokens for it.
   *
   * @throws TypeError for what is unknown or ill-typed; OAuthError, with the `code` that the authorization endpoint would answer with.
   */
  authorize(request: AuthorizeRequest): Promise<AuthorizedCode>;
  /**
   * Revokes an access token, or a refresh token with everything that was issued for its grant: from now on introspection says that it is
   * inactive, and the status list, if the token is in it, that it is invalid. A JWT stays what it is for those who look at nothing else.
   *
   * @throws RangeError when this issuer has issued no such token; of bad tokens it has issued those whose fault is a claim.
   */
  revoke(token: string): void;
  /**
   * Makes the issuer forget what a test did, for the next one: issued tokens (introspection no longer knows them), codes, refresh tokens,
   * requests that wait for a user, sign-ins, faults, requests, and the time by which the clock was advanced. What servers under test
   * remember stays, so that they go on working: the keys, those that were rotated or withdrawn too, the places taken in the status list,
   * and `monotonic()` of the clock. A clock without `reset` is left alone.
   */
  reset(): void;
  /**
   * Destroys open sockets, drops answers under way and frees the port, and writes the state file, if there is one. May be called again.
   * Tokens can still be minted.
   *
   * @throws StateFileError when the file cannot be written.
   */
  close(): Promise<void>;
  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an issuer on 127.0.0.1, unless told otherwise. No key is made before one is needed.
 *
 * @throws TypeError naming the option that is unknown or ill-typed; StateFileError when the state file is not for this issuer; the error of
 * node:net when the port cannot be had.
 *
 * @example
 * ```ts
 * const issuer = await createMockIssuer({ audience: 'https://api.example.com' });
 * const token = await issuer.token({ scope: 'read' });
 * await issuer.close();
 * ```
 */
export async function createMockIssuer(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  const settings = judgeOptions(options);
  const state = await openState(settings.stateFile);
  try {
    return await start(settings, state);
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function start(settings: Settings, state: State): Promise<MockIssuer> {
  const { alg, audience, clock, random } = settings;
  const clients = new ClientStore();
  registerAll(clients, settings);
  const listener = await listen(settings.address, settings.port, settings.tls);
  const isMarked = !isLoopback(settings.address);
  const { authenticationMethods } = settings;
  const site = siteOf(listener.origin, settings.path, {
    authenticationMethods,
    algorithms: signatureAlgorithms,
    isMarked,
  });
  const keys = new KeyRing(alg, settings.algorithms, random);
  const attacker = new KeyRing(alg, [], random);
  const mint = new Mint({ issuer: site.issuer, audience, alg, clock, random, isMarked }, keys);
  const tokens = new TokenStore();
  const statuses = new StatusStore(settings.statusList.bits, settings.statusList.size);
  const statusList = new TokenStatuses(site.statusListUri, statuses, (token) => tokens.find(token)?.claims);
  const issuance = new Issuance(mint, tokens, statusList, settings.accessTokenFormat);
  const faults = new FaultBoard();
  const requests = new RequestLog();
  const server = authorizationServer(site, settings, {
    clients,
    tokens,
    issuance,
    nowSeconds: () => mint.nowSeconds(),
  });
  const close = async (): Promise<void> => {
    await listener.close();
    await state.close();
  };
  const revoke = (token: string): void => {
    const refreshToken = server.refreshTokenStore.find(token);
    // RFC 7009 section 2.1: with a refresh token goes everything that was issued for its grant.
    if (refreshToken !== undefined) tokens.revokeGrant(refreshToken.granted.id);
    else if (tokens.revoke(token)) statusList.invalidate(token);
    else throw new RangeError('revoke: this issuer has issued no such token');
  };
  const used = new ReplayStore();
  try {
    state.begin(site.issuer, { ...settings.kept, ...server.stores, clients, keys, tokens, statuses, used });
  } catch (error) {
    await listener.close();
    throw error;
  }
  const routes = routesOf(site, {
    ...server,
    mint,
    keys,
    attacker,
    tokens,
    faults,
    revoke,
    statusList,
    statuses,
    statusListSettings: settings.statusList,
    clientAuthentication: new ClientAuthentication(clients, {
      issuer: site.issuer,
      nowSeconds: () => mint.nowSeconds(),
      used,
    }),
    jwks: () => keys.jwks(),
    jwksCacheControl: settings.jwksCacheControl,
    decoyToken: () => issuance.issue(),
    attackerJwks: () => underKidsOf(keys, attacker),
  });
  listener.onRequest(serve(routes, site.decoyUri, faults, requests));
  return {
    issuer: site.issuer,
    jwksUri: site.jwksUri,
    authorizationEndpoint: site.authorizationEndpoint,
    pushedAuthorizationRequestEndpoint: site.pushedAuthorizationRequestEndpoint,
    tokenEndpoint: site.tokenEndpoint,
    introspectionEndpoint: site.introspectionEndpoint,
    revocationEndpoint: site.revocationEndpoint,
    get jwks() {
      return keys.jwksSync();
    },
    resourceServer: credentialsIn(clients),
    keys,
    bad: badTokens({ mint, issuance, attacker, attackerJwksUri: `${site.decoyUri}/attacker-jwks` }),
    faults,
    requests,
    clock,
    statusList,
    token: (request) => issuance.issue(request),
    authorize: async (request) => server.authorize(request),
    revoke,
    reset: () => {
      for (const memory of [server, tokens, used, faults]) memory.clear();
      requests.reset();
      clock.reset?.();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function underKidsOf(keys: KeyRing, attacker: KeyRing): Promise<JwkSet> {
  const set = await attacker.jwks();
  return { keys: set.keys.map((jwk) => ({ ...jwk, kid: keys.signingKid(jwk.alg) ?? jwk.kid })) };
}
