import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { algorithmRule, isSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.js';
import { type ClientAuthenticationMethod, methodsWith } from './clients/authentication-method.js';
import type { ClientRegistration, ResourceServerRegistration } from './clients/client-registration.js';
import { judgeClients, judgeResourceServers } from './clients/judge-registrations.js';
import { createKeptClock, createStillClock, type MockClock } from './clock.js';
import { type DpopOptions, type DpopSettings, judgeDpop } from './dpop-options.js';
import { type GrantOptions, type GrantSettings, grantRules, judgeGrantOptions } from './grant-options.js';
import { certifiedHost, type TlsOptions } from './http/listener.js';
import { isFilled, isHeaderValue, isObject, judge, type Rule } from './judge.js';
import { type Random, seededRandom, systemRandom } from './random.js';
import {
  judgeRegistrationOptions,
  type RegistrationOptionSettings,
  type RegistrationOptions,
  registrationRules,
} from './registration-options.js';
import { nothingKept, type Persistent } from './state/persistent.js';
import { judgeStatusList, type StatusListOptions, type StatusListSettings } from './status-list-options.js';
import { type AccessTokenFormat, formatRule } from './token-request.js';

/** How a mock issuer is made. Every option may be left out; an unknown or ill-typed one is a TypeError that names it. */
export interface MockIssuerOptions extends GrantOptions, RegistrationOptions {
  /** TCP port, 0 to 65535. Default 0: a free one. */
  readonly port?: number;
  /**
   * The IP address to listen on instead of 127.0.0.1, such as `'0.0.0.0'` for all of this machine. Whoever reaches it gets tokens in any
   * name. Where it is no loopback address, every JWT access token has `mock: true` in its JOSE header and the metadata `mock_issuer: true`,
   * so that servers that trust such an issuer by mistake can tell. Default: 127.0.0.1, and no mark.
   */
  readonly dangerouslyListenOn?: string;
  /**
   * Path of the issuer identifier, such as `/tenant-1`: segments of letters, digits and `-._~`, no slash at the end.
   * Default: none, and the identifier is `http://127.0.0.1:PORT` without a slash.
   */
  readonly path?: string;
  /** The algorithm of tokens, and of key operations, that name none. Default `'RS256'`. */
  readonly alg?: SignatureAlgorithm;
  /** Algorithms the JWKS always has a key for, from the first request on; others join when they are first used. Default: `alg` alone. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** The `aud` of tokens whose request names none. Default `'https://api.example.com'`. */
  readonly audience?: string;
  /** What tokens look like whose request does not say; see {@link AccessTokenFormat}. Default `'jwt'`. */
  readonly accessTokenFormat?: AccessTokenFormat;
  /**
   * Clients, under the names of RFC 7591, each with a `client_id` of its own. They need not be here for tokens to be minted in their name:
   * only the endpoints know them. Default: none.
   */
  readonly clients?: readonly ClientRegistration[];
  /** Resource servers, which may introspect and nothing else. Default: none but the issuer's own, `issuer.resourceServer`, which is always there. */
  readonly resourceServers?: readonly ResourceServerRegistration[];
  /**
   * Serves everything over https and asks clients for certificates, which none needs to have. `'self-signed'`: under a certificate that the
   * issuer makes for itself, and signs as `issuer.certificateAuthority`. What is not PEM, and a certificate for neither 127.0.0.1 nor
   * localhost, is a TypeError. Default: plain http.
   */
  readonly tls?: TlsOptions | 'self-signed';
  /** What is asked of DPoP proofs. */
  readonly dpop?: DpopOptions;
  /** How the status list is made. */
  readonly statusList?: StatusListOptions;
  /**
   * Makes ids, codes, opaque tokens, secrets, `jti` and `kid` the same in every run, so that whoever knows the seed can guess them, and the
   * clock stand still at the start of the year 2026 unless `clock` is given. Keys and signatures are fresh all the same. Default: none of
   * this.
   */
  readonly seed?: string;
  /** A clock to share with other issuers or with the server under test. Default: one of its own. */
  readonly clock?: MockClock;
  /**
   * A file that keeps what the issuer knows from one run to the next, private keys too. It is for one issuer identifier, so that the `port`
   * should be one of your choice, and for one issuer at a time. Default: nothing is kept.
   */
  readonly stateFile?: string;
  /** `Cache-Control` of the JWKS. Default: the header is not sent. */
  readonly jwksCacheControl?: string;
}

/** The options, judged, with defaults filled in. */
export interface Settings extends GrantSettings, RegistrationOptionSettings {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly alg: SignatureAlgorithm;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly audience: string;
  readonly accessTokenFormat: AccessTokenFormat;
  readonly clients: readonly ClientRegistration[];
  readonly resourceServers: readonly ResourceServerRegistration[];
  readonly dpop: DpopSettings;
  readonly statusList: StatusListSettings;
  readonly tls: TlsOptions | 'self-signed' | undefined;
  /** How clients can authenticate. */
  readonly authenticationMethods: readonly ClientAuthenticationMethod[];
  readonly random: Random;
  readonly clock: MockClock;
  readonly stateFile: string | undefined;
  /** What of these settings changes, and is kept. */
  readonly kept: Readonly<Record<'random' | 'clock', Persistent>>;
  readonly jwksCacheControl: string | undefined;
}

/** When the clock of a seeded issuer stands still. */
const SEEDED_START_MS = Date.UTC(2026, 0, 1);

const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

const registrations: Rule = {
  expected: 'an array of registrations, not empty',
  accepts: (value) => Array.isArray(value) && value.length > 0,
};

const rules: Readonly<Record<keyof MockIssuerOptions, Rule>> = {
  ...grantRules,
  ...registrationRules,
  port: {
    expected: 'an integer from 0 to 65535',
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535,
  },
  dangerouslyListenOn: {
    expected: 'an IP address',
    accepts: (value) => typeof value === 'string' && isIP(value) !== 0,
  },
  path: {
    expected: "a path such as '/tenant-1', without a slash at its end",
    accepts: (value) => typeof value === 'string' && PATH.test(value),
  },
  alg: algorithmRule,
  algorithms: {
    expected: `an array, not empty, of ${algorithmRule.expected.slice('one of '.length)}`,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isSignatureAlgorithm),
  },
  audience: { expected: 'a string, not empty', accepts: isFilled },
  accessTokenFormat: formatRule,
  clients: registrations,
  resourceServers: registrations,
  dpop: { expected: 'an object', accepts: isObject },
  statusList: { expected: 'an object', accepts: isObject },
  tls: {
    expected: 'self-signed, or an object with key, cert and perhaps ca',
    accepts: (value) => value === 'self-signed' || isObject(value),
  },
  seed: { expected: 'a string, not empty', accepts: isFilled },
  clock: { expected: 'a clock with now, monotonic and advance', accepts: isClock },
  stateFile: { expected: 'a path, not empty', accepts: isFilled },
  jwksCacheControl: { expected: 'a header value', accepts: isHeaderValue },
};

/** Every option there is. */
export const optionNames: readonly string[] = Object.keys(rules);

function isClock(value: unknown): boolean {
  return isObject(value) && ['now', 'monotonic', 'advance'].every((hand) => typeof value[hand] === 'function');
}

const pem: Rule = {
  expected: 'a string in PEM',
  accepts: (value) => typeof value === 'string' && value.includes('-----BEGIN '),
};

const tlsRules: Readonly<Record<keyof TlsOptions, Rule>> = { key: pem, cert: pem, ca: pem };

/** @throws TypeError naming the member that is missing or wrong. */
function judgeTls(tls: TlsOptions): void {
  const owner = "createMockIssuer: 'tls'";
  judge(owner, tls, tlsRules);
  if (tls.key === undefined || tls.cert === undefined) throw new TypeError(`${owner}: 'key' and 'cert' are needed`);
  assertUsable(owner, tls);
  if (certifiedHost(tls) === undefined) {
    throw new TypeError(`${owner}: 'cert' must be for the address 127.0.0.1 or the name localhost`);
  }
}

function assertUsable(owner: string, tls: TlsOptions): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`${owner}: 'key' and 'cert' must be a private key and its certificate: ${why}`, {
      cause: error,
    });
  }
}

/** @throws TypeError naming the option that is unknown or ill-typed. */
export function judgeOptions(options: MockIssuerOptions): Settings {
  judge('createMockIssuer', options, rules);
  const { clients = [], resourceServers = [], tls } = options;
  if (typeof tls === 'object') judgeTls(tls);
  const methods = methodsWith({ tls: tls !== undefined });
  judgeClients(clients, methods);
  judgeResourceServers(resourceServers, methods);
  const alg = options.alg ?? 'RS256';
  const random = options.seed === undefined ? systemRandom : seededRandom(options.seed);
  const ownClock = options.seed === undefined ? createKeptClock() : createStillClock(SEEDED_START_MS);
  return {
    address: options.dangerouslyListenOn ?? '127.0.0.1',
    port: options.port ?? 0,
    path: options.path ?? '',
    alg,
    algorithms: [...(options.algorithms ?? [alg])],
    audience: options.audience ?? 'https://api.example.com',
    accessTokenFormat: options.accessTokenFormat ?? 'jwt',
    clients,
    resourceServers,
    dpop: judgeDpop(options.dpop ?? {}),
    statusList: judgeStatusList(options.statusList ?? {}),
    tls,
    authenticationMethods: methods,
    ...judgeGrantOptions(
      options,
      clients.map((one) => one.client_id),
    ),
    ...judgeRegistrationOptions(options),
    random,
    clock: options.clock ?? ownClock,
    stateFile: options.stateFile,
    // A clock that others share is moved by who made it.
    kept: { random, clock: options.clock === undefined ? ownClock : nothingKept },
    jwksCacheControl: options.jwksCacheControl,
  };
}
