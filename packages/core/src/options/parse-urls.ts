import { ConfigurationError } from '../errors.js';
import { type FetchTerms, schemeIsPermitted } from '../model/fetch-terms.js';
import { isLoopbackHost } from '../model/loopback.js';
import { nonEmptyString, stringList } from './assert.js';

/** RFC 8414 section 2: an https URL without query and fragment; http for this machine only, unless exposed on purpose. */
export function parseIssuerUrl(option: string, value: unknown, mayBeExposed: boolean): URL {
  const text = nonEmptyString(option, value);
  // The URL parser drops white space and line breaks, and `iss` is compared with the text.
  if (!/^[\x21-\x7e]+$/.test(text)) throw new ConfigurationError(option, 'must be printable ASCII without spaces');
  const url = parseUrl(option, text);
  if (/[?#]/.test(text)) throw new ConfigurationError(option, 'must have no query and no fragment');
  assertNoCredentials(option, url);
  if (!schemeIsPermitted(url, mayBeExposed ? 'anywhere' : 'loopback')) {
    throw new ConfigurationError(option, 'must be https; http is for loopback, or with dangerouslyAllowHttp');
  }
  return url;
}

/** Where a judged issuer may send us: one of https never to http, one of loopback nowhere else. */
export function plainHttpFor(issuer: URL): FetchTerms['plainHttp'] {
  if (issuer.protocol === 'https:') return 'never';
  return isLoopbackHost(issuer.hostname) ? 'loopback' : 'anywhere';
}

/** A URL that a judged issuer's documents are fetched from. */
export function parseEndpoint(option: string, value: unknown, plainHttp: FetchTerms['plainHttp']): URL {
  const url = parseUrl(option, value instanceof URL ? value.href : nonEmptyString(option, value));
  assertNoCredentials(option, url);
  if (!schemeIsPermitted(url, plainHttp))
    throw new ConfigurationError(option, 'must be https, unless its issuer is http');
  return url;
}

/** The hosts that documents may come from, as a URL has them; `undefined` where nothing was said. */
export function parseHosts(option: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const hosts = stringList(option, value);
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong === undefined) return hosts;
  throw new ConfigurationError(
    option,
    `${JSON.stringify(wrong)} is not a host as in a URL: lower case, no scheme, no path`,
  );
}

function isHost(text: string): boolean {
  const url = `https://${text}/`;
  return /^[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(url) && new URL(url).host === text;
}

function assertNoCredentials(option: string, url: URL): void {
  if (url.username !== '' || url.password !== '') throw new ConfigurationError(option, 'must have no credentials');
}

function parseUrl(option: string, text: string): URL {
  if (!URL.canParse(text)) throw new ConfigurationError(option, 'must be an absolute URL');
  return new URL(text);
}
