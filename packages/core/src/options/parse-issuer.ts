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

/** One issuer as the rooms take it. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly claims: ClaimsSettings;
  /** Keys to fetch, or keys that were given. */
  readonly keys: KeyLocation | GivenKeys;
  /** How tokens are introspected; `undefined` where they are not. */
  readonly introspection: IntrospectionSettings | undefined;
  /** Where its documents may come from. */
  readonly terms: FetchTerms;
  /** The hosts that its own options name. */
  readonly ownHosts: ReadonlySet<string>;
  /** Whether its owner accepted plain http beyond this machine. */
  readonly isExposed: boolean;
}

/** Keys that were given with the options. */
export interface GivenKeys {
  readonly jwks: JsonObject;
  readonly rules: KeyRules;
  /** Where they stand among the options. */
  readonly option: string;
}

/** What the server's options say for issuers that do not say otherwise. */
export interface IssuerDefaults {
  readonly audience: readonly string[] | null;
  readonly allowedHosts: readonly string[] | undefined;
  readonly addresses: FetchTerms['addresses'];
  /** Largest RSA modulus of a key, in bits. */
  readonly maxRsaBits: number;
  /** Whether the application reaches issuers by a `fetch` of its own. */
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

/** @param option where it stands among the options: `issuer`, or `issuer[1]` */
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
    const around = { ...claims, scopeClaims: bag['scopeClaims'], plainHttp, hasOwnFetch: defaults.hasOwnFetch };
    return parseIntrospection(at('introspection'), given, around);
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

function optional<T>(value: unknown, judge: (given: unknown) => T): T | undefined {
  return value === undefined ? undefined : judge(value);
}

function hostsOf(urls: readonly (URL | undefined)[]): ReadonlySet<string> {
  return new Set(urls.flatMap((url) => (url === undefined ? [] : [hostAndPort(url)])));
}

/** A tenant without an audience must not be one for everybody because somebody forgot a column. */
function parseAudienceOf(option: string, value: unknown, defaults: IssuerDefaults): readonly string[] | null {
  if (value !== undefined) return parseAudience(option, value);
  if (defaults.addresses === 'any' || defaults.audience !== null) return defaults.audience;
  throw new ConfigurationError(option, "must be given where the server's own is null; null accepts tokens for anybody");
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
  throw new ConfigurationError(at('jwks'), 'cannot be given together with jwksUri');
}

/** Given keys pass the parser of fetched ones, and nobody else holds the copy. */
function copyOfKeys(option: string, value: unknown): JsonObject {
  const parsed = parseJsonObject(Buffer.from(serialize(option, value)));
  if (parsed instanceof Malformed) throw new ConfigurationError(option, `must be a JWK set (${parsed.reason})`);
  return parsed;
}

function serialize(option: string, value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (cause) {
    throw new ConfigurationError(option, `must be JSON (${cause instanceof Error ? cause.name : 'it throws'})`);
  }
}
