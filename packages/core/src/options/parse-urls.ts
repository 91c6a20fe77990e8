import { ConfigurationError } from '../errors.js';
import { type FetchTerms, schemeIsPermitted } from '../model/fetch-terms.js';
import { isLoopbackHost } from '../model/loopback.js';
import { nonEmptyString, stringList } from './assert.js';

/**
 * Parses an issuer identifier (RFC 8414 section 2): an https URL without query and fragment. http
 * is allowed on loopback, and elsewhere only with `dangerouslyAllowHttp`.
 *
 * @throws {ConfigurationError} for another value; the text contains no credentials of the URL
 */
export function parseIssuerUrl(option: string, value: unknown, mayBeExposed: boolean): URL {
  const text = nonEmptyString(option, value);
  // The URL parser removes white space and line breaks, but `iss` is compared with the text.
  if (!/^[\x21-\x7e]+$/.test(text)) throw new ConfigurationError(option, 'must be printable ASCII without white space');
  const url = parseUrl(option, text);
  if (/[?#]/.test(text)) throw new ConfigurationError(option, 'must not contain a query or a fragment');
  assertNoCredentials(option, url);
  if (!schemeIsPermitted(url, mayBeExposed ? 'anywhere' : 'loopback')) {
    throw new ConfigurationError(
      option,
      'must be https; http is allowed only on loopback, or with dangerouslyAllowHttp: true',
    );
  }
  return url;
}

/**
 * Where documents of an issuer may be fetched by http: never for an https issuer, on loopback only
 * for an issuer on loopback.
 */
export function plainHttpFor(issuer: URL): FetchTerms['plainHttp'] {
  if (issuer.protocol === 'https:') return 'never';
  return isLoopbackHost(issuer.hostname) ? 'loopback' : 'anywhere';
}

/**
 * Parses a URL from which documents of an issuer are fetched.
 *
 * @throws {ConfigurationError} for another value; the text contains no credentials of the URL
 */
export function parseEndpoint(option: string, value: unknown, plainHttp: FetchTerms['plainHttp']): URL {
  const url = parseUrl(option, value instanceof URL ? value.href : nonEmptyString(option, value));
  assertNoCredentials(option, url);
  if (!schemeIsPermitted(url, plainHttp))
    throw new ConfigurationError(option, 'must be https; http is allowed only where the issuer itself may use it');
  return url;
}

/**
 * The hosts from which documents may be fetched, in the form that `URL.host` has; `undefined` where
 * the option is absent.
 *
 * @throws {ConfigurationError} for a value that is not an array of hosts
 */
export function parseHosts(option: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const hosts = stringList(option, value);
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong === undefined) return hosts;
  throw new ConfigurationError(
    option,
    `${JSON.stringify(wrong)} is not a host; write it in lower case, without scheme and path`,
  );
}

function isHost(text: string): boolean {
  const url = `https://${text}/`;
  return /^[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(url) && new URL(url).host === text;
}

function assertNoCredentials(option: string, url: URL): void {
  if (url.username !== '' || url.password !== '')
    throw new ConfigurationError(option, 'must not contain a user name or a password');
}

function parseUrl(option: string, text: string): URL {
  if (!URL.canParse(text)) throw new ConfigurationError(option, 'must be an absolute URL');
  return new URL(text);
}
