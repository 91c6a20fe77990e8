import type { AccessTokenClaims } from '../model/auth.js';
import type { Clock } from '../model/clock.js';
import type { Fetch } from '../model/fetch.js';
import type { KeySnapshot } from '../model/ports.js';
import type { StandardSchema } from '../model/standard-schema.js';
import type { IntrospectionCacheOptions } from './introspection-options.js';
import type { IssuerOptions, IssuerResolverOptions } from './issuer-options.js';
import type { RevocationCheck } from './revocation-options.js';

/** Settings of a resource server. Judged once, when it is made; a wrong one throws a `ConfigurationError`. */
export interface ResourceServerOptions<Claims = AccessTokenClaims> {
  /**
   * Whose access tokens are accepted: one issuer or several, each by its identifier (RFC 8414
   * section 2) or with settings of its own. A token's `iss` must be one of these strings exactly. Or a
   * way to find out, for issuers that are not known yet.
   */
  readonly issuer: string | IssuerOptions | ReadonlyArray<string | IssuerOptions> | IssuerResolverOptions;
  /**
   * Who we are in a token's `aud` (RFC 9068 section 4): one of these must be in it, as a whole
   * string. `null` says that tokens for anybody are accepted; there is no default.
   */
  readonly audience: string | readonly string[] | null;
  /**
   * Whether a request without credentials is refused (`'required'`, the default) or passes as nobody
   * (`'optional'`). Bad credentials are refused either way.
   */
  readonly credentials?: 'required' | 'optional';
  /** The `realm` of challenges (RFC 9110 section 11.5): printable ASCII without `"` and `\`. Default `'api'`. */
  readonly realm?: string;
  /** How far our clock and an issuer's may differ, in seconds. Default 30; 0 to 120. */
  readonly clockToleranceSeconds?: number;
  /** How long after its `iat` a token is accepted, in seconds, whatever its `exp`. At least 1; no limit by default. */
  readonly maxTokenAgeSeconds?: number;
  /**
   * Longest token that is looked at, in octets. Default 8192; 1024 to 65536. Node's own limit on all
   * headers together is 16 KiB; raise that too (`--max-http-header-size`).
   */
  readonly maxTokenBytes?: number;
  /**
   * What a token in the URL query or in a form body means: `'reject'` (the default) answers 400, as RFC
   * 6750 section 3.1; `'ignore'` takes it as not there, as OAuth 2.1 section 5.1. It is never accepted.
   */
  readonly tokenElsewhere?: 'reject' | 'ignore';
  /**
   * A Standard Schema (zod, valibot, arktype …) for the claims. Its output is `auth.claims`; issues refuse
   * the token with 401, a throw is 500. Asked on every request, after the signature and all other rules.
   */
  readonly claims?: StandardSchema<Claims>;
  /** Scopes that amount to others: `{ admin: ['read', 'write'] }`. Followed through several steps. */
  readonly scopeImplies?: Readonly<Record<string, readonly string[]>>;
  /**
   * How much is remembered of tokens that were verified, so that the same token costs one hash the next time: entries
   * (default 10 000; 1 to 1 000 000) and octets of token text (default 8 MiB; 64 KiB to 1 GiB). Never a verdict: time, key and
   * schema are judged on every request. `false` remembers nothing.
   */
  readonly tokenCache?: false | { readonly maxEntries?: number; readonly maxBytes?: number };
  /**
   * For how long answers of introspection endpoints are repeated. Off unless it is given: every request with an opaque token is a call.
   */
  readonly introspectionCache?: IntrospectionCacheOptions;
  /**
   * Names the issuer that is asked about an opaque token, by its identifier, where several introspect; the only one that does is asked
   * without it. A name that is not trusted, or does not introspect, refuses the token; a throw is 500. Must not log the token.
   */
  readonly routeOpaqueToken?: (token: string) => string;
  /** How it is found out that a valid token was revoked. Off unless it is given. */
  readonly revocation?: RevocationCheck<Claims>;
  /** How keys are fetched and kept. */
  readonly keys?: KeyOptions;
  /** Time. The default is the machine's; tests inject one they can move. */
  readonly clock?: Clock;
  /**
   * A `fetch` to reach issuers with, instead of our own door to the network: for proxies and other runtimes. It is asked for https, and http
   * on loopback; no redirect it reports is followed, and 256 KiB are read. Which addresses it connects to, it must judge itself.
   */
  readonly fetch?: Fetch;
}

/** How the keys of issuers are fetched and kept. */
export interface KeyOptions {
  /**
   * How long a fetched set is fresh, in seconds, where its server does not say by `Cache-Control`. Default 600; 60 to
   * 86400. What the server says counts from 60 up to an hour, or up to this where it is more. A withdrawn key is refused after
   * that time at the latest, while the issuer can be reached. At 80 % of it a request starts the next fetch, and none waits for
   * that.
   */
  readonly maxAgeSeconds?: number;
  /**
   * How long past its time a set is used while the issuer is out of reach, in seconds. Default 3600; 0 to 86400. After that
   * it is 503.
   */
  readonly staleMaxSeconds?: number;
  /** After a fetch for an unknown `kid`, no other such fetch of that issuer, in seconds. Default 30; 1 to 300. */
  readonly cooldownSeconds?: number;
  /** How long one document may take, and one request waits for keys in all, in seconds. Default 3; 0.01 to 30. */
  readonly timeoutSeconds?: number;
  /**
   * Largest modulus of an RSA key, in bits. Default 4096; 2048 to 16384. The time to verify a signature grows with its square. A
   * larger key is skipped, as is one of less than 2048 bits or with an exponent other than 65537.
   */
  readonly maxRsaBits?: number;
  /**
   * The hosts that metadata may send us to, with or without port, beside the issuer's own. By default any: the
   * metadata of a configured issuer is trusted to name where its keys are.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Keys to start with, from `server.snapshot()`: for processes that live too short to fetch their own. They are as old as they
   * are: a snapshot past its time is fetched anew when the first token asks, and serves while the issuer is out of reach.
   * Whoever can write it decides whose tokens are accepted.
   */
  readonly seed?: KeySnapshot;
}
