import { ConfigurationError } from '../errors.js';
import { hasMember, memberOf } from '../objects/members.js';
import { bagOf, isPlainObject, nonEmptyList, type OptionBag, valueOr, wholeNumberIn } from './assert.js';
import { parseAudience } from './parse-audience.js';
import { type IssuerDefaults, type IssuerSettings, parseIssuer } from './parse-issuer.js';
import { parseHosts } from './parse-urls.js';

/** Calls `issuer.resolve` and parses its result; `undefined` for an issuer that is not trusted. */
export type IssuerResolver = (identifier: string) => Promise<IssuerSettings | undefined>;

/**
 * Parses the option `issuer`: the configured issuers, or a resolver for issuers that tokens name.
 *
 * @throws {ConfigurationError} naming the option
 */
export function parseIssuers(bag: OptionBag, keys: OptionBag): readonly IssuerSettings[] | IssuerResolver {
  const { issuer } = bag;
  if (issuer === undefined)
    throw new ConfigurationError(
      'issuer',
      'is required; give an https URL, issuer options, a list of them, or { resolve }',
    );
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
    throw new ConfigurationError('issuer', 'contains the same issuer twice; remove one of them');
  }
  return Object.freeze(issuers);
}

function isResolver(value: unknown): value is { readonly resolve: unknown } {
  return typeof value === 'object' && value !== null && hasMember(value, 'resolve');
}

/** A plain object with no other member, or an instance of a class, which may have other members. */
function parseResolver(resolver: { readonly resolve: unknown }, defaults: IssuerDefaults): IssuerResolver {
  const resolve = isPlainObject(resolver)
    ? bagOf('issuer', resolver, ['resolve'])['resolve']
    : memberOf(resolver, 'resolve');
  if (typeof resolve !== 'function') throw new ConfigurationError('issuer.resolve', 'must be a function');
  return async (identifier) => {
    const result: unknown = await Reflect.apply(resolve, resolver, [identifier]);
    if (result === null || result === undefined) return undefined;
    if (typeof result === 'string') {
      throw new ConfigurationError('issuer.resolve()', 'must return an object or null; found a string');
    }
    // An attacker can choose this identifier. Only public addresses are connected to, so that a
    // token cannot direct requests into the private network.
    const settings = parseIssuer('issuer.resolve()', result, { ...defaults, addresses: 'public' });
    if (settings.issuer === identifier) return settings;
    throw new ConfigurationError(
      'issuer.resolve().issuer',
      'must be identical to the iss that resolve() was called with',
    );
  };
}
