import type { AuthSettings } from '../auth.js';
import type { TokenCacheSettings } from '../cache/token-cache.js';
import type { ChallengeSettings } from '../challenge/render-denial.js';
import type { CredentialSettings } from '../credential/read-credential.js';
import { ConfigurationError } from '../errors.js';
import type { AnswerTimes } from '../introspection/remote-introspector.js';
import type { KeySettings } from '../keys/remote-key-source.js';
import type { Clock } from '../model/clock.js';
import type { Fetch } from '../model/fetch.js';
import type { StandardSchema } from '../model/standard-schema.js';
import { memberOf } from '../objects/members.js';
import type { OpaqueRoute } from '../token/opaque-routing.js';
import type { TokenSettings } from '../token/parse-token.js';
import type { ValiditySettings } from '../validity/validate-times.js';
import { bagOf, noOptions, numberIn, type OptionBag, oneOf, valueOr, wholeNumberIn } from './assert.js';
import type { IssuerSettings } from './parse-issuer.js';
import { type IssuerResolver, parseIssuers } from './parse-issuers.js';
import { parseRevocationOptions, type RevocationSettings } from './parse-revocation.js';
import { parseScopeImplies } from './parse-scope-implies.js';
import { type IssuerSeed, parseSeed } from './parse-seed.js';
import { systemClock } from './system-clock.js';

/** How long and how many answers of introspection endpoints are cached. */
interface IntrospectionCacheSettings extends AnswerTimes {
  readonly maxEntries: number;
}

/** The parsed {@link ResourceServerOptions}, grouped by the module that uses them. */
export interface Settings<Claims> {
  readonly issuers: readonly IssuerSettings[] | IssuerResolver;
  readonly credentials: 'required' | 'optional';
  readonly credential: CredentialSettings;
  readonly token: TokenSettings;
  readonly keys: KeySettings;
  /** Keys to start with, by issuer identifier. */
  readonly seed: ReadonlyMap<string, IssuerSeed>;
  readonly validity: ValiditySettings;
  readonly revocation: RevocationSettings;
  readonly introspectionCache: IntrospectionCacheSettings | undefined;
  readonly routeOpaqueToken: OpaqueRoute | undefined;
  readonly tokenCache: TokenCacheSettings | false;
  readonly auth: AuthSettings<Claims>;
  readonly challenge: ChallengeSettings;
  readonly clock: Clock;
  /** The custom `fetch`; `undefined` for the built-in HTTP client. */
  readonly fetch: Fetch | undefined;
}

const known = [
  'issuer',
  'audience',
  'credentials',
  'realm',
  'clockToleranceSeconds',
  'maxTokenAgeSeconds',
  'maxTokenBytes',
  'tokenElsewhere',
  'claims',
  'scopeImplies',
  'tokenCache',
  'introspectionCache',
  'routeOpaqueToken',
  'revocation',
  'keys',
  'clock',
  'fetch',
];
const knownOfKeys = [
  'maxAgeSeconds',
  'cooldownSeconds',
  'staleMaxSeconds',
  'timeoutSeconds',
  'maxRsaBits',
  'allowedHosts',
  'seed',
];

/**
 * Parses the options of a server once. The result is frozen and shares no data with the input: a
 * later change of the options object has no effect. Only the functions of the application (the
 * schema, the clock, `fetch` and the callbacks) are kept as they are.
 *
 * @throws {ConfigurationError} naming the option
 */
export function parseOptions<Claims>(options: unknown): Settings<Claims> {
  const bag = bagOf('options', options, known);
  const keys = bag['keys'] === undefined ? noOptions : bagOf('keys', bag['keys'], knownOfKeys);
  const clock = parseClock(bag['clock']);
  return Object.freeze({
    issuers: parseIssuers(bag, keys),
    credentials: oneOf('credentials', valueOr(bag, 'credentials', 'required'), ['required', 'optional'] as const),
    credential: Object.freeze({
      tokenElsewhere: oneOf('tokenElsewhere', valueOr(bag, 'tokenElsewhere', 'reject'), ['reject', 'ignore'] as const),
    }),
    token: Object.freeze({
      maxTokenBytes: numberIn('maxTokenBytes', valueOr(bag, 'maxTokenBytes', 8192), 1024, 65_536),
    }),
    keys: parseKeySettings(keys),
    seed: parseSeed('keys.seed', keys['seed']),
    validity: parseValiditySettings(bag, clock),
    revocation: parseRevocationOptions('revocation', bag['revocation']),
    introspectionCache: parseIntrospectionCache('introspectionCache', bag['introspectionCache']),
    routeOpaqueToken: parseRoute('routeOpaqueToken', bag['routeOpaqueToken']),
    tokenCache: parseTokenCache('tokenCache', bag['tokenCache']),
    auth: Object.freeze({
      schema: parseSchema<Claims>(bag['claims']),
      scopeImplies: parseScopeImplies('scopeImplies', valueOr(bag, 'scopeImplies', {})),
    }),
    challenge: Object.freeze({ realm: parseRealm(valueOr(bag, 'realm', 'api')) }),
    clock,
    fetch: parseFetch(bag['fetch']),
  });
}

function parseTokenCache(option: string, value: unknown): TokenCacheSettings | false {
  if (value === false) return false;
  const bag = value === undefined ? noOptions : bagOf(option, value, ['maxEntries', 'maxBytes']);
  return Object.freeze({
    maxEntries: wholeNumberIn(`${option}.maxEntries`, valueOr(bag, 'maxEntries', 10_000), 1, 1_000_000),
    maxBytes: wholeNumberIn(`${option}.maxBytes`, valueOr(bag, 'maxBytes', 8 * 1024 * 1024), 65_536, 1024 ** 3),
  });
}

function parseIntrospectionCache(option: string, value: unknown): IntrospectionCacheSettings | undefined {
  if (value === undefined) return undefined;
  const bag = bagOf(option, value, ['positiveSeconds', 'negativeSeconds', 'maxEntries']);
  return Object.freeze({
    positiveSeconds: numberIn(`${option}.positiveSeconds`, bag['positiveSeconds'], 0, 3600),
    negativeSeconds: numberIn(`${option}.negativeSeconds`, bag['negativeSeconds'], 0, 300),
    maxEntries: wholeNumberIn(`${option}.maxEntries`, valueOr(bag, 'maxEntries', 10_000), 1, 1_000_000),
  });
}

function parseRoute(option: string, value: unknown): OpaqueRoute | undefined {
  if (value === undefined || typeof value === 'function') return value as OpaqueRoute | undefined;
  throw new ConfigurationError(option, 'must be a function that takes a token and returns an issuer identifier');
}

function parseKeySettings(keys: OptionBag): KeySettings {
  return Object.freeze({
    maxAgeSeconds: numberIn('keys.maxAgeSeconds', valueOr(keys, 'maxAgeSeconds', 600), 60, 86_400),
    cooldownSeconds: numberIn('keys.cooldownSeconds', valueOr(keys, 'cooldownSeconds', 30), 1, 300),
    staleMaxSeconds: numberIn('keys.staleMaxSeconds', valueOr(keys, 'staleMaxSeconds', 3600), 0, 86_400),
    timeoutSeconds: numberIn('keys.timeoutSeconds', valueOr(keys, 'timeoutSeconds', 3), 0.01, 30),
  });
}

function parseValiditySettings(bag: OptionBag, clock: Clock): ValiditySettings {
  const { maxTokenAgeSeconds: maxAge } = bag;
  return Object.freeze({
    clock,
    clockToleranceSeconds: numberIn('clockToleranceSeconds', valueOr(bag, 'clockToleranceSeconds', 30), 0, 120),
    maxTokenAgeSeconds:
      maxAge === undefined ? undefined : numberIn('maxTokenAgeSeconds', maxAge, 1, Number.MAX_SAFE_INTEGER),
  });
}

/**
 * Accepts only characters that need no escape in a quoted string (RFC 9110 section 5.6.4). Such a
 * realm can end neither the string nor the header line.
 */
function parseRealm(value: unknown): string {
  if (typeof value === 'string' && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) return value;
  throw new ConfigurationError('realm', 'must be a non-empty string of printable ASCII without quotes and backslashes');
}

function parseSchema<Claims>(value: unknown): StandardSchema<Claims> | undefined {
  if (value === undefined) return undefined;
  const standard = memberOf(Object(value), '~standard');
  const [version, validate] = ['version', 'validate'].map((name) => memberOf(Object(standard), name));
  if (version !== 1 || typeof validate !== 'function') {
    throw new ConfigurationError('claims', 'must be a Standard Schema (https://standardschema.dev), version 1');
  }
  return value as StandardSchema<Claims>;
}

function parseClock(value: unknown): Clock {
  if (value === undefined) return systemClock;
  const [now, monotonic] = ['now', 'monotonic'].map((name) => memberOf(Object(value), name));
  if (typeof now !== 'function' || typeof monotonic !== 'function') {
    throw new ConfigurationError('clock', 'must have the functions now() and monotonic(), both in milliseconds');
  }
  return value as Clock;
}

function parseFetch(value: unknown): Fetch | undefined {
  if (value === undefined || typeof value === 'function') return value as Fetch | undefined;
  throw new ConfigurationError('fetch', 'must be a function with the signature of the global fetch');
}
