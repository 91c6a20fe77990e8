import { ConfigurationError } from '../errors.js';
import { hasMember, memberOf } from '../objects/members.js';
import { bagOf, isPlainObject, nonEmptyList, type OptionBag, valueOr, wholeNumberIn } from './assert.js';
import { parseAudience } from './parse-audience.js';
import { type IssuerDefaults, type IssuerSettings, parseIssuer } from './parse-issuer.js';
import { parseHosts } from './parse-urls.js';

/** Asks the application about an issuer, and judges its answer; `undefined` for one that is not trusted. */
export type IssuerResolver = (identifier: string) => Promise<IssuerSettings | undefined>;

/** Judges who is trusted: issuers that are known now, or a way to ask about those that tokens name. */
export function parseIssuers(bag: OptionBag, keys: OptionBag): readonly IssuerSettings[] | IssuerResolver {
  const { issuer } = bag;
  if (issuer === undefined) throw new ConfigurationError('issuer', 'must be given');
  const audience = parseAudience('audience', bag['audience']);
  const allowedHosts = parseHosts('keys.allowedHosts', keys['allowedHosts']);
  const hasOwnFetch = bag['fetch'] !== undefined;
  const maxRsaBits = wholeNumberIn('keys.maxRsaBits', valueOr(keys, 'maxRsaBits', 4096), 2048, 16_384);
  const defaults = { audience, allowedHosts, addresses: 'any', maxRsaBits, hasOwnFetch } as const;
  return isResolver(issuer) ? parseResolver(issuer, defaults) : parseKnownIssuers(issuer, defaults);
}

function parseKnownIssuers(issuer: unknown, defaults: IssuerDefaults): readonly IssuerSettings[] {
  const issuers = Array.isArray(issuer)
    ? nonEmptyList('issuer', issuer).map((one, at) => parseIssuer(`issuer[${at}]`, one, defaults))
    : [parseIssuer('issuer', issuer, defaults)];
  if (new Set(issuers.map((one) => one.issuer)).size < issuers.length) {
    throw new ConfigurationError('issuer', 'names one issuer twice');
  }
  return Object.freeze(issuers);
}

function isResolver(value: unknown): value is { readonly resolve: unknown } {
  return typeof value === 'object' && value !== null && hasMember(value, 'resolve');
}

/** A plain object, or one of a class of the application: then its other members are its own affair. */
function parseResolver(resolver: { readonly resolve: unknown }, defaults: IssuerDefaults): IssuerResolver {
  const resolve = isPlainObject(resolver)
    ? bagOf('issuer', resolver, ['resolve'])['resolve']
    : memberOf(resolver, 'resolve');
  if (typeof resolve !== 'function') throw new ConfigurationError('issuer.resolve', 'must be a function');
  return async (identifier) => {
    const answer: unknown = await Reflect.apply(resolve, resolver, [identifier]);
    if (answer === null || answer === undefined) return undefined;
    if (typeof answer === 'string') throw new ConfigurationError('issuer.resolve()', 'must give an object or null');
    // Whoever makes tokens chose this name: what lies behind it must be on the public Internet.
    const settings = parseIssuer('issuer.resolve()', answer, { ...defaults, addresses: 'public' });
    if (settings.issuer === identifier) return settings;
    throw new ConfigurationError('issuer.resolve().issuer', 'must be the issuer that was asked for');
  };
}
