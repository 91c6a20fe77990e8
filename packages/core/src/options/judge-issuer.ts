import type { ClaimsSettings } from '../claims/rule.js';
import { ConfigurationError } from '../errors.js';
import type { KeyAlgorithm } from '../jws/algorithms.js';
import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { KeyLocation } from '../keys/key-loader.js';
import type { FetchTerms } from '../model/fetch-terms.js';
import { bagOf, type OptionBag, oneOf, stringList, valueOr } from './assert.js';
import { judgeAlgorithms, rsaAlgorithmOf } from './judge-algorithms.js';
import { judgeAudience } from './judge-audience.js';
import { judgeIssuerUrl, judgeJwksUri, plainHttpFor } from './judge-urls.js';

/** One issuer as the rooms take it. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly algorithms: ReadonlySet<KeyAlgorithm>;
  readonly claims: ClaimsSettings;
  /** Keys to fetch, or keys that were given. */
  readonly keys: KeyLocation | GivenKeys;
  /** Whether its owner accepted plain http beyond this machine. */
  readonly isExposed: boolean;
}

/** Keys that were given with the options. */
interface GivenKeys {
  readonly jwks: JsonObject;
  readonly rsaAlgorithm: KeyAlgorithm;
  /** Where they stand among the options. */
  readonly option: string;
}

/** What the server's options say for issuers that do not say otherwise. */
export interface IssuerDefaults {
  readonly audience: readonly string[] | null;
  readonly allowedHosts: readonly string[] | undefined;
  readonly addresses: FetchTerms['addresses'];
}

const known = [
  'issuer',
  'audience',
  'jwksUri',
  'jwks',
  'algorithms',
  'tokenProfile',
  'scopeClaims',
  'dangerouslyAllowHttp',
];

/** @param option where it stands among the options: `issuer`, or `issuer[1]` */
export function judgeIssuer(option: string, value: unknown, defaults: IssuerDefaults): IssuerSettings {
  const bag = typeof value === 'string' ? { issuer: value } : bagOf(option, value, known);
  const at = (name: string) => (typeof value === 'string' ? option : `${option}.${name}`);
  const { dangerouslyAllowHttp, audience, algorithms: names } = bag as OptionBag;
  const mayBeExposed =
    dangerouslyAllowHttp !== undefined && oneOf(at('dangerouslyAllowHttp'), dangerouslyAllowHttp, [true]);
  const url = judgeIssuerUrl(at('issuer'), bag['issuer'], mayBeExposed);
  const algorithms = judgeAlgorithms(at('algorithms'), names);
  return Object.freeze({
    issuer: bag['issuer'] as string,
    algorithms,
    claims: Object.freeze({
      ...judgeProfile(at, bag),
      audience: judgeAudienceOf(at('audience'), audience, defaults),
    }),
    keys: judgeKeys(at, bag, url, { ...defaults, rsaAlgorithm: rsaAlgorithmOf(algorithms) }),
    isExposed: plainHttpFor(url) === 'anywhere',
  });
}

/** A tenant without an audience must not be one for everybody because somebody forgot a column. */
function judgeAudienceOf(option: string, value: unknown, defaults: IssuerDefaults): readonly string[] | null {
  if (value !== undefined) return judgeAudience(option, value);
  if (defaults.addresses === 'any' || defaults.audience !== null) return defaults.audience;
  throw new ConfigurationError(option, "must be given where the server's own is null; null accepts tokens for anybody");
}

function judgeProfile(at: (name: string) => string, bag: OptionBag): Pick<ClaimsSettings, 'profile' | 'scopeClaims'> {
  const profile = oneOf(at('tokenProfile'), valueOr(bag, 'tokenProfile', 'rfc9068'), ['rfc9068', 'jwt'] as const);
  const scopeClaims = valueOr(bag, 'scopeClaims', profile === 'jwt' ? ['scope', 'scp'] : ['scope']);
  return { profile, scopeClaims: stringList(at('scopeClaims'), scopeClaims) };
}

function judgeKeys(
  at: (name: string) => string,
  bag: OptionBag,
  url: URL,
  { allowedHosts, addresses, rsaAlgorithm }: IssuerDefaults & { rsaAlgorithm: KeyAlgorithm },
): IssuerSettings['keys'] {
  const { jwks, jwksUri: location } = bag;
  if (jwks !== undefined && location !== undefined) {
    throw new ConfigurationError(at('jwks'), 'cannot be given together with jwksUri');
  }
  if (jwks !== undefined) return { jwks: copyOfKeys(at('jwks'), jwks), rsaAlgorithm, option: at('jwks') };
  const plainHttp = plainHttpFor(url);
  const jwksUri = location === undefined ? undefined : judgeJwksUri(at('jwksUri'), location, plainHttp);
  const own = [url.host, jwksUri?.host].filter((host) => host !== undefined);
  const hosts = allowedHosts && new Set([...own, ...allowedHosts]);
  return {
    issuer: bag['issuer'] as string,
    jwksUri,
    rsaAlgorithm,
    terms: Object.freeze({ plainHttp, hosts, addresses }),
  };
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
