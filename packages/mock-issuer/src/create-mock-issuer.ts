import { addressesOf } from './addresses.js';
import { signatureAlgorithms } from './algorithms.js';
import { type AuthorizationServer, authorizationServer } from './authorization-server.js';
import { badTokens } from './bad/bad-tokens.js';
import { CertificateAuthority } from './certificates/certificate-authority.js';
import { serverName, serverTls } from './certificates/server-tls.js';
import { ClientAuthentication } from './client-authentication/authenticate-client.js';
import { dpopClient } from './dpop/dpop.js';
import { FaultBoard } from './faults/faults.js';
import { isLoopback, type Listener, listen } from './http/listener.js';
import { RequestLog } from './http/request-log.js';
import { type Routes, serve } from './http/routes.js';
import type { MockIssuer } from './mock-issuer.js';
import { judgeOptions, type MockIssuerOptions, type Settings } from './options.js';
import { credentialsIn, registerAll } from './registrations.js';
import { type Site, siteOf } from './site.js';
import { routesOf } from './site-routes.js';
import { openState, type State } from './state/state-file.js';
import { ClientStore } from './stores/client-store.js';
import { ReplayStore } from './stores/replay-store.js';
import { type TokenWorks, tokenWorks, underKidsOf } from './token-works.js';

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
  const clients = new ClientStore();
  registerAll(clients, settings);
  const { address, port, tls } = settings;
  const listener = await listen(address, port, tls && serverName(tls));
  try {
    return run(settings, clients, state, listener);
  } catch (error) {
    await listener.close();
    throw error;
  }
}

/** What runs, each part made once and shared by those that need it. */
interface Running {
  readonly settings: Settings;
  readonly clients: ClientStore;
  readonly site: Site;
  readonly works: TokenWorks;
  readonly server: AuthorizationServer;
  readonly authority: CertificateAuthority;
  readonly usedAssertions: ReplayStore;
  readonly faults: FaultBoard;
  readonly requests: RequestLog;
  readonly revoke: (token: string) => void;
}

function run(settings: Settings, clients: ClientStore, state: State, listener: Listener): MockIssuer {
  const { address, authenticationMethods, path, tls } = settings;
  const traits = { authenticationMethods, algorithms: signatureAlgorithms, isMarked: !isLoopback(address) };
  const site = siteOf(listener.origin, path, traits);
  const works = tokenWorks(site, settings);
  const { issuance, keys, mint, statuses, statusList, tokens } = works;
  const server = authorizationServer(site, settings, {
    clients,
    tokens,
    issuance,
    nowSeconds: () => mint.nowSeconds(),
    isBarred: (token) => statusList.bars(token),
  });
  const authority = new CertificateAuthority();
  const usedAssertions = new ReplayStore();
  const kept = { ...settings.kept, ...server.stores, clients, keys, tokens, statuses, usedAssertions, authority };
  state.begin(site.issuer, kept);
  // Not before its authority is what the file says.
  if (tls !== undefined) listener.secure(serverTls(tls, authority));
  const [faults, requests, revoke] = [new FaultBoard(), new RequestLog(), revocation(server, works)];
  const running = { settings, clients, site, works, server, authority, usedAssertions, faults, requests, revoke };
  listener.onRequest(serve(endpoints(running), site.decoyUri, faults, requests));
  return issuerOf(running, async () => {
    await listener.close();
    await state.close();
  });
}

function revocation({ refreshTokenStore }: AuthorizationServer, { tokens, statusList }: TokenWorks) {
  return (token: string): void => {
    const refreshToken = refreshTokenStore.find(token);
    // RFC 7009 section 2.1: with a refresh token goes everything that was issued for its grant.
    if (refreshToken !== undefined) tokens.revokeGrant(refreshToken.granted.id);
    else if (tokens.revoke(token)) statusList.invalidate(token);
    else throw new RangeError('revoke: this issuer has issued no such token');
  };
}

function endpoints({ settings, site, works, server, usedAssertions, faults, revoke }: Running): Routes {
  const { attacker, issuance, keys, mint } = works;
  return routesOf(site, {
    ...server,
    ...works,
    faults,
    revoke,
    statusListSettings: settings.statusList,
    registration: settings.registration,
    clientAuthentication: new ClientAuthentication(server.clients, {
      issuer: site.issuer,
      nowSeconds: () => mint.nowSeconds(),
      used: usedAssertions,
      keysOf: server.keysOf,
    }),
    jwks: () => keys.jwks(),
    jwksCacheControl: settings.jwksCacheControl,
    decoyToken: () => issuance.issue(),
    attackerJwks: () => underKidsOf(keys, attacker),
  });
}

function issuerOf(running: Running, close: () => Promise<void>): MockIssuer {
  const { settings, clients, site, works, server, authority, usedAssertions, faults, requests, revoke } = running;
  const { attacker, issuance, keys, mint, statusList, tokens } = works;
  const { clock, random } = settings;
  return {
    ...addressesOf(site),
    get jwks() {
      return keys.jwksSync();
    },
    resourceServer: credentialsIn(clients),
    device: server.device,
    keys,
    dpop: dpopClient(random, () => mint.nowSeconds()),
    get certificateAuthority() {
      return authority.pem;
    },
    certificate: (request) => authority.issue(request),
    bad: badTokens({ mint, issuance, attacker, attackerJwksUri: `${site.decoyUri}/attacker-jwks` }),
    faults,
    requests,
    clock,
    statusList,
    token: (request) => issuance.issue(request),
    authorize: async (request) => server.authorize(request),
    revoke,
    reset: () => {
      for (const memory of [...Object.values(server.stores), tokens, usedAssertions, faults]) memory.clear();
      requests.reset();
      clock.reset?.();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
