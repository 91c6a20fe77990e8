import { type BadTokens, badTokens } from './bad/bad-tokens.js';
import type { MockClock } from './clock.js';
import { FaultBoard, type Faults } from './http/faults.js';
import { listenOnLoopback } from './http/loopback-server.js';
import { RequestLog, type Requests } from './http/request-log.js';
import { serve } from './http/routes.js';
import { KeyRing, type Keys } from './key-ring.js';
import { Mint, signDraft } from './mint.js';
import { judgeOptions, type MockIssuerOptions } from './options.js';
import type { JwkSet } from './signing-key.js';
import type { TokenRequest } from './token-request.js';

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
   * Mints an access token in the profile of RFC 9068, in this process: no grant, no client and no user is asked.
   *
   * @throws TypeError when the request has an unknown or ill-typed member.
   */
  token(request?: TokenRequest): Promise<string>;
  /** Destroys open sockets, drops answers under way and frees the port. May be called again. Tokens can still be minted. */
  close(): Promise<void>;
  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an issuer on 127.0.0.1. No key is made before one is needed.
 *
 * @throws TypeError naming the option that is unknown or ill-typed; the error of node:net when the port cannot be had.
 *
 * @example
 * ```ts
 * const issuer = await createMockIssuer({ audience: 'https://api.example.com' });
 * const token = await issuer.token({ scope: 'read' });
 * await issuer.close();
 * ```
 */
export async function createMockIssuer(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  const { port, path, alg, algorithms, audience, clock, jwksCacheControl } = judgeOptions(options);
  const server = await listenOnLoopback(port);
  const issuer = server.origin + path;
  const jwksUri = `${issuer}/jwks`;
  const decoyUri = `${issuer}/decoy`;
  const keys = new KeyRing(alg, algorithms);
  const attacker = new KeyRing(alg, []);
  const mint = new Mint({ issuer, audience, alg, clock }, keys);
  const faults = new FaultBoard();
  const requests = new RequestLog();
  const attackerJwks = (): Promise<JwkSet> => underKidsOf(keys, attacker);
  const site = { issuer, path, jwksUri, decoyUri, jwksCacheControl, jwks: () => keys.jwks(), attackerJwks };
  server.onRequest(serve(site, faults, requests));
  return {
    issuer,
    jwksUri,
    get jwks() {
      return keys.jwksSync();
    },
    keys,
    bad: badTokens({ mint, attacker, attackerJwksUri: `${decoyUri}/attacker-jwks` }),
    faults,
    requests,
    clock,
    token: async (request) => signDraft(await mint.draft(request)),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function underKidsOf(keys: KeyRing, attacker: KeyRing): Promise<JwkSet> {
  const set = await attacker.jwks();
  return { keys: set.keys.map((jwk) => ({ ...jwk, kid: keys.signingKid(jwk.alg) ?? jwk.kid })) };
}
