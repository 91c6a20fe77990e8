import type { AccessTokenClaims } from '../model/auth.js';
import type { Clock } from '../model/clock.js';
import type { Fetch } from '../model/fetch.js';
import type { KeySnapshot } from '../model/ports.js';
import type { StandardSchema } from '../model/standard-schema.js';
import type { IntrospectionCacheOptions } from './introspection-options.js';
import type { IssuerOptions, IssuerResolverOptions } from './issuer-options.js';
import type { RevocationCheck } from './revocation-options.js';

/**
 * Options of a resource server. They are parsed once, when the server is created. An unknown name
 * or a wrong value throws a `ConfigurationError` that names the option.
 *
 * Access tokens that are bound to a key (`cnf`) are refused. The binding is NOT checked.
 *
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 * });
 */
export interface ResourceServerOptions<Claims = AccessTokenClaims> {
  /**
   * The trusted issuers: one or several, each as an identifier or as {@link IssuerOptions}. The
   * `iss` of a token must be identical to one of the identifiers. Or `{ resolve }` for issuers that
   * are unknown at start-up, see {@link IssuerResolverOptions}. Required.
   *
   * @see RFC 8414 section 2
   * @see RFC 9068 section 4
   */
  readonly issuer: string | IssuerOptions | ReadonlyArray<string | IssuerOptions> | IssuerResolverOptions;
  /**
   * The audience of this API: the `aud` of a token must contain one of these strings, compared as a
   * whole and case-sensitively. Required.
   *
   * `null` disables the check. Then a token that the issuer issued for another API is accepted too.
   *
   * @see RFC 9068 section 4
   * @see RFC 8707 section 2
   */
  readonly audience: string | readonly string[] | null;
  /**
   * Whether a request without credentials is refused (`'required'`), or accepted as anonymous
   * (`'optional'`). Invalid credentials are refused in both cases.
   *
   * @default 'required'
   */
  readonly credentials?: 'required' | 'optional';
  /**
   * The `realm` of every challenge: printable ASCII without `"` and `\`, at least one character.
   *
   * @default 'api'
   * @see RFC 9110 section 11.5
   */
  readonly realm?: string;
  /**
   * Accepted difference between the clock of this server and that of an issuer, in seconds. It
   * applies to `exp`, `nbf` and `iat`. From 0 to 120.
   *
   * @default 30
   * @see RFC 7519 section 4.1.4
   */
  readonly clockToleranceSeconds?: number;
  /**
   * How long after its `iat` a token is accepted, in seconds, even when its `exp` is later. With
   * this option, a token without `iat` is refused. At least 1.
   *
   * @default no limit
   * @see RFC 7519 section 4.1.6
   */
  readonly maxTokenAgeSeconds?: number;
  /**
   * Size limit of an access token, in octets. A longer token is refused without being parsed. From
   * 1024 to 65536. Node limits all headers together to 16 KiB; raise that too for longer tokens
   * (`--max-http-header-size`).
   *
   * @default 8192
   */
  readonly maxTokenBytes?: number;
  /**
   * What happens to a token in the URL query or in a form body. `'reject'` answers 400. `'ignore'`
   * treats the request as if that token were absent, as OAuth 2.1 section 5.1 requires. Such a
   * token is never accepted. A form body is checked only when the framework has parsed it before.
   *
   * @default 'reject'
   * @see RFC 6750 section 3.1
   */
  readonly tokenElsewhere?: 'reject' | 'ignore';
  /**
   * A Standard Schema (zod, valibot, arktype …) for the claims. Its output becomes `auth.claims`
   * and determines its type. Issues refuse the token with 401; a thrown error is 500. It is called
   * on every request, after the signature and all claim rules.
   *
   * @default none: `auth.claims` contains the claims of the token unchanged
   * @see https://standardschema.dev
   * @example
   * import { createResourceServer } from '@resource-server/core';
   * import { z } from 'zod';
   *
   * const server = createResourceServer({
   *   issuer: 'https://login.example.com',
   *   audience: 'https://api.example.com',
   *   claims: z.object({ department: z.string() }),
   * });
   */
  readonly claims?: StandardSchema<Claims>;
  /**
   * Scopes that include other scopes, for `hasScope` and the scope policies. Implications are
   * transitive.
   *
   * @default none
   * @see RFC 6749 section 3.3
   * @example
   * import { createResourceServer } from '@resource-server/core';
   *
   * const server = createResourceServer({
   *   issuer: 'https://login.example.com',
   *   audience: 'https://api.example.com',
   *   scopeImplies: { admin: ['write'], write: ['read'] },
   * });
   */
  readonly scopeImplies?: Readonly<Record<string, readonly string[]>>;
  /**
   * Size of the cache of verified tokens, or `false` for no cache. A cached token costs one hash
   * instead of a signature verification. Decisions are never cached: the times, the issuer's keys,
   * the `claims` schema and the policy are checked on every request.
   *
   * `maxEntries` is the number of tokens: a whole number from 1 to 1 000 000. `maxBytes` is the
   * total length of their text in octets: from 64 KiB to 1 GiB.
   *
   * @default { maxEntries: 10_000, maxBytes: 8_388_608 }
   * @example
   * import { createResourceServer } from '@resource-server/core';
   *
   * const server = createResourceServer({
   *   issuer: 'https://login.example.com',
   *   audience: 'https://api.example.com',
   *   tokenCache: { maxEntries: 50_000, maxBytes: 64 * 1024 * 1024 },
   * });
   */
  readonly tokenCache?: false | { readonly maxEntries?: number; readonly maxBytes?: number };
  /**
   * How long answers of introspection endpoints are cached, see {@link IntrospectionCacheOptions}.
   *
   * @default off: every request with an introspected token calls the endpoint
   */
  readonly introspectionCache?: IntrospectionCacheOptions;
  /**
   * Selects the issuer that introspects an opaque token, where several issuers have
   * `introspection`. It returns the identifier of that issuer. The function must NOT log the token.
   *
   * An identifier that is not trusted, or whose issuer has no `introspection`, refuses the token. A
   * thrown error is 500.
   *
   * @default the only issuer that has `introspection`
   * @param token the opaque token, which is not validated yet
   */
  readonly routeOpaqueToken?: (token: string) => string;
  /**
   * How revoked tokens are detected before they expire, see {@link RevocationCheck}.
   *
   * @default off: a token is accepted until it expires
   */
  readonly revocation?: RevocationCheck<Claims>;
  /** How the keys of issuers are fetched and cached, see {@link KeyOptions}. */
  readonly keys?: KeyOptions;
  /**
   * The source of time, in milliseconds. Tests inject a clock that they can advance.
   *
   * @default the clock of the operating system
   */
  readonly clock?: Clock;
  /**
   * A custom `fetch` that replaces the built-in HTTP client, for proxies and other runtimes. It is
   * called with https URLs, and with http URLs where the issuer may use http. Redirects are not
   * followed, and at most 256 KiB of an answer are read.
   *
   * The addresses that it connects to are NOT checked; the custom `fetch` has to do that itself.
   *
   * @default the built-in HTTP client
   */
  readonly fetch?: Fetch;
}

/**
 * How the keys of issuers are fetched and cached. `timeoutSeconds` and `allowedHosts` also apply to
 * metadata and introspection.
 *
 * @see RFC 7517 section 5
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const server = createResourceServer({
 *   issuer: 'https://login.example.com',
 *   audience: 'https://api.example.com',
 *   keys: { maxAgeSeconds: 300, timeoutSeconds: 2, allowedHosts: ['keys.example.com'] },
 * });
 */
export interface KeyOptions {
  /**
   * How long a fetched key set is fresh, in seconds, where its server sends no `Cache-Control`.
   * From 60 to 86400. A `Cache-Control` value counts from 60 seconds up to an hour, or up to this
   * option when that is longer.
   *
   * A withdrawn key is refused after this time at the latest, while the issuer can be reached.
   * After 80 % of the time a request starts the next fetch in the background.
   *
   * @default 600
   * @see RFC 9111 section 4.2
   */
  readonly maxAgeSeconds?: number;
  /**
   * How long a key set is used after it is no longer fresh, while the issuer cannot be reached, in
   * seconds. After that, requests are answered with 503. From 0 to 86400.
   *
   * @default 3600
   */
  readonly staleMaxSeconds?: number;
  /**
   * Minimum interval between two fetches of one issuer's keys that an unknown `kid` causes, in
   * seconds. It limits the calls that an attacker with made-up `kid` values can cause. From 1 to
   * 300.
   *
   * @default 30
   */
  readonly cooldownSeconds?: number;
  /**
   * Timeout for one document, and for the whole time that one request waits for keys, in seconds.
   * From 0.01 to 30.
   *
   * @default 3
   */
  readonly timeoutSeconds?: number;
  /**
   * Largest accepted modulus of an RSA key, in bits: a whole number from 2048 to 16384. The time of
   * a verification grows with the square of the modulus. A larger key is skipped. A key with less
   * than 2048 bits, or with another exponent than 65537, is always skipped.
   *
   * @default 4096
   */
  readonly maxRsaBits?: number;
  /**
   * The hosts to which an issuer's metadata may refer, in lower case, with or without a port. The
   * hosts in the options of the issuer are always allowed.
   *
   * @default every host: the metadata of a configured issuer is trusted
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Keys to start with, from `server.snapshot()` of another process. For processes whose lifetime
   * is too short for a fetch of their own. A snapshot keeps its original fetch time. When it is no
   * longer fresh, the first token causes a new fetch, and the snapshot is used only while the
   * issuer cannot be reached.
   *
   * The content is NOT authenticated: an attacker who can write the snapshot decides which tokens
   * are accepted.
   *
   * @default none
   */
  readonly seed?: KeySnapshot;
}
