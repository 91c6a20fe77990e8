import type { ClaimsSettings } from '../claims/rule.js';
import { ConfigurationError } from '../errors.js';
import type { KeyAlgorithm } from '../jws/algorithms.js';
import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { KeyRules } from '../jws/public-key.js';
import type { KeyLocation } from '../keys/key-loader.js';
import { type FetchTerms, hostAndPort } from '../model/fetch-terms.js';
import { bare } from '../objects/bare.js';
import { bagOf, type OptionBag, oneOf, stringList, valueOr } from './assert.js';
import { parseAlgorithms, rsaAlgorithmOf } from './parse-algorithms.js';
import { parseAudience } from './parse-audience.js';
import { type IntrospectionSettings, parseIntrospection } from './parse-introspection.js';
import { parseEndpoint, parseIssuerUrl, plainHttpFor } from './parse-urls.js';

/** The parsed {@link IssuerOptions} of one issuer. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly claims: ClaimsSettings;
  /** Where the keys are fetched, or the keys themselves. */
  readonly keys: KeyLocation | GivenKeys;
  /** How tokens are introspected; `undefined` when introspection is off. */
  readonly introspection: IntrospectionSettings | undefined;
  /** From where documents of this issuer may be fetched. */
  readonly terms: FetchTerms;
  /** The hosts that the options of this issuer name. */
  readonly ownHosts: ReadonlySet<string>;
  /** Whether `dangerouslyAllowHttp` permits plain http beyond loopback. */
  readonly isExposed: boolean;
}

/** Keys from the option `jwks`. */
export interface GivenKeys {
  readonly jwks: JsonObject;
  readonly rules: KeyRules;
  /** Path of the option, for errors. */
  readonly option: string;
}

/** Settings of the server that apply to an issuer without its own. */
export interface IssuerDefaults {
  readonly audience: readonly string[] | null;
  readonly allowedHosts: readonly string[] | undefined;
  readonly addresses: FetchTerms['addresses'];
  /** Largest RSA modulus of a key, in bits. */
  readonly maxRsaBits: number;
  /** Whether the application has configured a custom `fetch`. */
  readonly hasOwnFetch: boolean;
}

const known = [
  'issuer',
  'audience',
  'jwksUri',
  'jwks',
  'algorithms',
  'tokenProfile',
  'scopeClaims',
  'introspection',
  'dangerouslyAllowHttp',
];

/**
 * @param option path of the issuer, for errors: `issuer`, or `issuer[1]`
 * @throws {ConfigurationError} naming the member
 */
export function parseIssuer(option: string, value: unknown, defaults: IssuerDefaults): IssuerSettings {
  const bag: OptionBag = typeof value === 'string' ? bare({ issuer: value }) : bagOf(option, value, known);
  const at = (name: string) => (typeof value === 'string' ? option : `${option}.${name}`);
  const { dangerouslyAllowHttp, audience, algorithms: names } = bag;
  const mayBeExposed =
    dangerouslyAllowHttp !== undefined && oneOf(at('dangerouslyAllowHttp'), dangerouslyAllowHttp, [true]);
  const url = parseIssuerUrl(at('issuer'), bag['issuer'], mayBeExposed);
  const algorithms = parseAlgorithms(at('algorithms'), names);
  const issuer = bag['issuer'] as string;
  const claims = Object.freeze({
    ...parseProfile(at, bag),
    issuer,
    audience: parseAudienceOf(at('audience'), audience, defaults),
  });
  const plainHttp = plainHttpFor(url);
  const jwksUri = optional(bag['jwksUri'], (given) => parseEndpoint(at('jwksUri'), given, plainHttp));
  const introspection = optional(bag['introspection'], (given) => {
    const context = { ...claims, scopeClaims: bag['scopeClaims'], plainHttp, hasOwnFetch: defaults.hasOwnFetch };
    return parseIntrospection(at('introspection'), given, context);
  });
  const ownHosts = hostsOf([url, jwksUri, introspection?.endpoint]);
  const { allowedHosts, addresses } = defaults;
  const hosts = allowedHosts && new Set([...ownHosts, ...allowedHosts]);
  const terms = Object.freeze({ plainHttp, hosts, addresses });
  const rules = Object.freeze({ rsaAlgorithm: rsaAlgorithmOf(algorithms), maxRsaBits: defaults.maxRsaBits });
  return Object.freeze({
    issuer,
    algorithms,
    claims,
    keys: parseKeys(at, bag, { issuer, jwksUri, terms, rules }),
    introspection,
    terms,
    ownHosts,
    isExposed: plainHttp === 'anywhere',
  });
}

function optional<T>(value: unknown, parse: (given: unknown) => T): T | undefined {
  return value === undefined ? undefined : parse(value);
}

function hostsOf(urls: readonly (URL | undefined)[]): ReadonlySet<string> {
  return new Set(urls.flatMap((url) => (url === undefined ? [] : [hostAndPort(url)])));
}

/**
 * A resolved tenant never inherits a `null` audience from the server. A tenant whose audience is
 * missing in the application's database would otherwise accept tokens for every other API.
 */
function parseAudienceOf(option: string, value: unknown, defaults: IssuerDefaults): readonly string[] | null {
  if (value !== undefined) return parseAudience(option, value);
  if (defaults.addresses === 'any' || defaults.audience !== null) return defaults.audience;
  const problem = "is required, because the server's own audience is null; use null to disable the audience check";
  throw new ConfigurationError(option, problem);
}

function parseProfile(at: (name: string) => string, bag: OptionBag): Pick<ClaimsSettings, 'profile' | 'scopeClaims'> {
  const profile = oneOf(at('tokenProfile'), valueOr(bag, 'tokenProfile', 'rfc9068'), ['rfc9068', 'jwt'] as const);
  const scopeClaims = valueOr(bag, 'scopeClaims', profile === 'jwt' ? ['scope', 'scp'] : ['scope']);
  return { profile, scopeClaims: stringList(at('scopeClaims'), scopeClaims) };
}

function parseKeys(at: (name: string) => string, bag: OptionBag, location: KeyLocation): IssuerSettings['keys'] {
  const { jwks } = bag;
  if (jwks === undefined) return Object.freeze(location);
  if (location.jwksUri === undefined) {
    return { jwks: copyOfKeys(at('jwks'), jwks), rules: location.rules, option: at('jwks') };
  }
  throw new ConfigurationError(at('jwks'), 'cannot be combined with jwksUri; remove one of them');
}

/** The keys pass the parser of fetched keys. The caller has no reference to the copy. */
function copyOfKeys(option: string, value: unknown): JsonObject {
  const parsed = parseJsonObject(Buffer.from(serialize(option, value)));
  if (parsed instanceof Malformed) throw new ConfigurationError(option, `must be a JWK set (${parsed.reason})`);
  return parsed;
}

function serialize(option: string, value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (cause) {
    throw new ConfigurationError(
      option,
      `must be expressible in JSON; JSON.stringify threw ${cause instanceof Error ? cause.name : 'a value'}`,
    );
  }
}
