import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { confirmBinding } from '../../packages/core/src/binding/confirm-binding.js';
import { missingForRfc9068 } from '../../packages/core/src/claims/profile-hint.js';
import type { ClaimsSettings } from '../../packages/core/src/claims/rule.js';
import { validateClaims } from '../../packages/core/src/claims/validate-claims.js';
import { credentialOf, readCredential, refuseGrammar } from '../../packages/core/src/credential/read-credential.js';
import { readEndpoint } from '../../packages/core/src/discovery/discover-endpoint.js';
import { metadataUrls } from '../../packages/core/src/discovery/metadata-urls.js';
import { ConfigurationError } from '../../packages/core/src/errors.js';
import { createResourceServer, type Policy } from '../../packages/core/src/index.js';
import { decodeCompactJws, looksLikeCompactJws } from '../../packages/core/src/jws/compact.js';
import { parseJsonObject } from '../../packages/core/src/jws/json.js';
import { Malformed } from '../../packages/core/src/jws/malformed.js';
import { importKeySet, KeySet } from '../../packages/core/src/keys/key-set.js';
import { NetworkError } from '../../packages/core/src/model/ports.js';
import { Refusal } from '../../packages/core/src/model/refusal.js';
import {
  ConfirmedToken,
  Credential,
  OpaqueToken,
  ParsedToken,
  ValidToken,
  VerifiedToken,
} from '../../packages/core/src/model/stages.js';
import { evaluatePolicy, neededScopes } from '../../packages/core/src/policy/evaluate-policy.js';
import { allOf, anyOf, anyScope, assertPolicy, claim, scope, where } from '../../packages/core/src/policy/policies.js';
import { fakeAuth } from '../../packages/core/src/testing.js';
import { parseToken } from '../../packages/core/src/token/parse-token.js';
import { validateTimes } from '../../packages/core/src/validity/validate-times.js';
import { keyRules } from '../../packages/core/test/support/key-rules.js';
import { jsonObjectText, jsonValueText } from './support/json-text.js';
import { mutated, textMutations } from './support/mutations.js';
import { propertiesOf } from './support/properties.js';
import { objectText, overlaid } from './support/recipes.js';
import { parsed, signedToken } from './support/stages.js';
import { authorizationValues } from './support/wire-values.js';

const property = propertiesOf(import.meta.filename);

/** A module returns a value of its own or a failure of one of these classes. It never throws. */
function expectResult(result: unknown, ...allowed: ReadonlyArray<abstract new (...args: never[]) => unknown>): void {
  expect(allowed.some((one) => result instanceof one)).toBe(true);
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const encoded = (text: string) => Buffer.from(text).toString('base64url');

/** Tokens with arbitrary content, down to the JSON in them. */
const tokens = fc.oneof(
  anyText,
  fc.array(fc.oneof(anyText, jsonValueText.map(encoded)), { maxLength: 5 }).map((segments) => segments.join('.')),
  fc
    .tuple(jsonObjectText, jsonObjectText, fc.constantFrom('', 'AA', 'A', '='))
    .map(([header, payload, signature]) => `${encoded(header)}.${encoded(payload)}.${signature}`),
  fc
    .tuple(jsonObjectText, textMutations)
    .map(([payload, mutations]) => mutated(`${encoded('{"alg":"ES256"}')}.${encoded(payload)}.AA`, mutations)),
);

describe('the modules that parse requests and tokens', () => {
  const headerName = fc.oneof(fc.constantFrom('authorization', 'Authorization', 'Host', ''), anyText);
  const headerValue = fc.oneof(
    anyText,
    tokens.map((token) => `Bearer ${token}`),
  );

  property(
    'readCredential returns a credential, a refusal or undefined for any request [RS-9110-15.5.1-a]',
    fc.record({
      request: fc.record(
        {
          method: anyText,
          url: fc.oneof(
            anyText,
            anyText.map((query) => `/r?${query}`),
          ),
          rawHeaders: fc.array(fc.oneof(headerName, headerValue), { maxLength: 9 }),
          formBody: fc.dictionary(fc.oneof(fc.constant('access_token'), anyText), fc.jsonValue()),
        },
        { requiredKeys: ['method', 'url', 'rawHeaders'] },
      ),
      tokenElsewhere: fc.constantFrom('reject' as const, 'ignore' as const),
    }),
    ({ request, tokenElsewhere }) => {
      const result = readCredential(request, { tokenElsewhere });
      if (result !== undefined) expectResult(result, Credential, Refusal);
    },
  );

  property(
    'readCredential returns the token of a line with Bearer, spaces and one token68, and of no other line [RS-9110-11.4-a] [RS-9110-11.2-a]',
    authorizationValues(['abc', 'a.b.c', '-._~+/==']),
    (value) => {
      const request = { method: 'GET', url: '/', rawHeaders: ['Authorization', value] };
      const read = readCredential(request, { tokenElsewhere: 'reject' });
      const result = read instanceof Credential ? (refuseGrammar(read) ?? read) : read;
      const line = value.replace(/^[ \t]+|[ \t]+$/g, '');
      const scheme = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/.exec(line)?.[0];
      const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(line)?.[1];
      if (token !== undefined) expect(result instanceof Credential && result.token).toBe(token);
      else if (line === '' || (scheme !== undefined && scheme.toLowerCase() !== 'bearer'))
        expect(result).toBe(undefined);
      else expect(result instanceof Refusal && result.code).toBe('credentials_malformed');
    },
  );

  property(
    'credentialOf returns a credential or a refusal, for values that are not text too',
    fc.oneof(tokens, fc.anything()),
    (token) => {
      expectResult(credentialOf(token), Credential, Refusal);
    },
  );

  property(
    'parseToken returns a parsed token, an opaque token or a refusal [RS-9110-15.5.1-a]',
    fc.record({ token: tokens, maxTokenBytes: fc.integer({ min: 0, max: 300 }) }),
    ({ token, maxTokenBytes }) => {
      for (const limit of [maxTokenBytes, 65_536]) {
        const result = parseToken(new Credential('Bearer', token), { maxTokenBytes: limit });
        expectResult(result, ParsedToken, OpaqueToken, Refusal);
      }
    },
  );

  property('decodeCompactJws returns a JWS or Malformed, for text without two dots too', tokens, (token) => {
    const result = decodeCompactJws(token);
    expect(typeof looksLikeCompactJws(token)).toBe('boolean');
    if (result instanceof Malformed) expect(result.reason).not.toBe('');
    else expect(result.signature).toBeInstanceOf(Uint8Array);
  });

  property(
    'parseJsonObject returns an object without prototype, or Malformed',
    fc.oneof(
      fc.uint8Array(),
      jsonValueText.map((text) => Buffer.from(text)),
      anyText.map((text) => Buffer.from(text)),
    ),
    (octets) => {
      const result = parseJsonObject(octets);
      if (!(result instanceof Malformed)) expect(Object.getPrototypeOf(result)).toBe(null);
    },
  );

  property(
    'a resource server gives 400 or 401 to any invalid token, and never 500 [RS-9110-15.5.1-a]',
    fc.oneof(tokens, anyText),
    async (token) => {
      const request = { method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] };
      for (const decision of [await server.checkToken(token), await server.check(request)]) {
        expect(decision.granted ? 'granted' : decision.status).toBeOneOf([400, 401]);
      }
    },
  );
});

const jwksKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const server = createResourceServer({
  issuer: { issuer: 'https://issuer.test', jwks: { keys: [jwksKey] } },
  audience: null,
});

const memberOf = (values: Readonly<Record<string, readonly unknown[]>>) =>
  fc
    .constantFrom(...Object.keys(values))
    .chain((name) =>
      fc.tuple(
        fc.constant(name),
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...(values[name] ?? []).map((value) => JSON.stringify(value))) },
          { weight: 1, arbitrary: jsonValueText },
        ),
      ),
    );
const objectOf = (values: Readonly<Record<string, readonly unknown[]>>) =>
  fc.array(memberOf(values), { maxLength: 12 }).map((members) => objectText(overlaid([], members)));

describe('the modules for keys and metadata', () => {
  const jwk = objectOf({
    kty: ['RSA', 'EC', 'OKP', 'oct', 'AKP'],
    alg: ['RS256', 'PS512', 'ES256', 'ES512', 'Ed25519', 'EdDSA', 'none', 'HS256'],
    crv: ['P-256', 'P-384', 'P-521', 'Ed25519', 'X25519', 'secp256k1'],
    x: [jwksKey.x, 'AA', '', 'A'.repeat(43), 'A'.repeat(88)],
    y: [jwksKey.x, 'AA', '', 'A'.repeat(43), 'A'.repeat(88)],
    n: ['AQAB', `_${'A'.repeat(341)}`, 'A'.repeat(342), `_${'_'.repeat(340)}w`],
    e: ['AQAB', 'AQ', 'Aw', 'AAEAAQ', '____________', '_________w'],
    kid: ['a', 'k'.repeat(257), '__proto__'],
    use: ['sig', 'enc'],
    key_ops: [['verify'], ['sign'], []],
    d: ['AA'],
    k: ['AA'],
  });
  const keySet = fc.oneof(
    jsonObjectText,
    fc
      .array(fc.oneof({ weight: 4, arbitrary: jwk }, jsonValueText), { maxLength: 4 })
      .map((keys) => `{"keys":[${keys.join(',')}]}`),
    jsonValueText.map((keys) => `{"keys":${keys}}`),
  );

  property(
    'importKeySet returns a set or Malformed, and choose() a key, a refusal or undefined [RS-7517-5-b]',
    keySet,
    (text) => {
      const document = parsed(text);
      if (document === undefined) return;
      const set = importKeySet(document, keyRules());
      expectResult(set, KeySet, Malformed);
      if (set instanceof Malformed) return;
      const jws = { header: {}, payload: {}, signingInput: '', signature: new Uint8Array() };
      const wanted = { issuer: 'x', algorithm: '__proto__', kid: 'a' };
      const result = set.choose(new ParsedToken(new Credential('Bearer', 'x'), jws, wanted));
      if (result !== undefined) expectResult(result, Refusal);
    },
  );

  property(
    'readEndpoint returns a URL or an error, and no URL from the metadata of another issuer [RS-8414-3.3-a]',
    fc.oneof(
      jsonObjectText,
      objectOf({ issuer: ['https://as.test', 'https://as.test/'], jwks_uri: ['https://x', 'x', ''] }),
    ),
    (text) => {
      const metadata = parsed(text);
      if (metadata === undefined) return;
      const result = readEndpoint(metadata, { issuer: 'https://as.test', member: 'jwks_uri' });
      expectResult(result, URL, NetworkError);
      if (result instanceof URL) expect(metadata['issuer']).toBe('https://as.test');
    },
  );

  property(
    'metadataUrls returns two URLs on the host of the issuer [RS-8414-3-a]',
    fc.webUrl({ validSchemes: ['https'], withQueryParameters: false, withFragments: false }),
    (issuer) => {
      const { oauth, openid } = metadataUrls(issuer);
      expect([oauth.origin, openid.origin]).toEqual([new URL(issuer).origin, new URL(issuer).origin]);
    },
  );
});

describe('the modules that validate signed tokens', () => {
  const audience = 'https://api.test';
  const claimed = objectOf({
    iss: ['https://issuer.test'],
    exp: [2000, 1e11, -1],
    aud: [audience, [audience], []],
    sub: ['ada'],
    client_id: ['web'],
    iat: [1000],
    nbf: [1000],
    jti: ['j'],
    scope: ['read', ['read']],
    cnf: [{}],
  });
  const iss = 'https://issuer.test';
  const good = JSON.stringify({ iss, exp: 2000, aud: audience, sub: 'ada', client_id: 'web', iat: 1000, jti: 'j' });
  const undated = `{"iss":"https://issuer.test","exp":2000,"aud":"${audience}"}`;
  const settings: fc.Arbitrary<ClaimsSettings> = fc.record({
    profile: fc.constantFrom('rfc9068' as const, 'jwt' as const),
    issuer: fc.constant('https://issuer.test'),
    audience: fc.constantFrom(null, [audience]),
    scopeClaims: fc.array(fc.constantFrom('scope', 'scp', '__proto__', 'toString'), { minLength: 1, maxLength: 3 }),
  });
  const time = fc.oneof(fc.double(), fc.integer({ min: 0, max: 4000 }), fc.constantFrom(Number.NaN, 1500));

  property(
    'validateClaims, validateTimes and confirmBinding return a stage or a refusal for any signed token, profile and clock',
    fc.record({
      header: fc.oneof(jsonObjectText, fc.constantFrom('{"typ":"at+jwt"}', '{"typ":"JWT"}', '{}')),
      claims: fc.oneof({ weight: 2, arbitrary: claimed }, jsonObjectText, fc.constantFrom(good, undated)),
      settings,
      now: time,
      clockToleranceSeconds: time,
      maxTokenAgeSeconds: fc.option(time, { nil: undefined }),
    }),
    ({ header, claims, settings: chosen, now, clockToleranceSeconds, maxTokenAgeSeconds }) => {
      const [head, payload] = [parsed(header), parsed(claims)];
      if (head === undefined || payload === undefined) return;
      const token = signedToken(head, payload);
      missingForRfc9068(token, chosen);
      const verified = validateClaims(token, chosen);
      expectResult(verified, VerifiedToken, Refusal);
      if (verified instanceof Refusal) return;
      const clock = { now: () => now * 1000, monotonic: () => 0 };
      const valid = validateTimes(verified, { clock, clockToleranceSeconds, maxTokenAgeSeconds });
      expectResult(valid, ValidToken, Refusal);
      // With NaN as the time or the tolerance every token is refused.
      if (Number.isNaN(now) || Number.isNaN(clockToleranceSeconds)) expect(valid).toBeInstanceOf(Refusal);
      if (!(valid instanceof Refusal)) expectResult(confirmBinding(valid), ConfirmedToken, Refusal);
    },
  );
});

describe('the evaluation of policies', () => {
  const names = fc.array(fc.oneof(anyText, fc.constantFrom('read', 'write', 'read write')), { maxLength: 3 });
  const values = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom('hr', 1, true));
  const outcome = fc.constantFrom<() => unknown>(
    () => true,
    () => false,
    () => ({}),
    () => Promise.resolve(true),
    () => Promise.reject(undefined),
    () => {
      throw null;
    },
  );
  /** The result of a policy function; `undefined` for a ConfigurationError. */
  const made = (make: () => Policy): Policy | undefined => {
    try {
      return make();
    } catch (failure) {
      if (failure instanceof ConfigurationError) return undefined;
      throw failure;
    }
  };
  const { policy } = fc.letrec<{ policy: Policy | undefined }>((tie) => {
    const several = fc
      .array(tie('policy'), { maxLength: 3 })
      .map((policies) => policies.filter((one) => one !== undefined));
    return {
      policy: fc.oneof(
        { maxDepth: 3 },
        names.map((list) => made(() => scope(...list))),
        names.map((list) => made(() => anyScope(list))),
        fc.tuple(anyText, values).map(([name, value]) => made(() => claim(name, value))),
        fc.tuple(anyText, outcome).map(([name, condition]) => made(() => where(name, condition as () => boolean))),
        several.map((policies) => made(() => allOf(...policies))),
        several.map((policies) => made(() => anyOf(...policies))),
      ),
    };
  });

  property(
    'evaluatePolicy returns undefined or a refusal for every policy and any claims',
    fc.record({ policy, claims: jsonObjectText, scopes: names }),
    async ({ policy: one, claims, scopes }) => {
      if (one === undefined) return;
      const auth = fakeAuth({ claims: parsed(claims) ?? {}, scopes });
      const result = await evaluatePolicy(one, auth, { method: 'GET', url: '/', rawHeaders: [] });
      if (result !== undefined) expectResult(result, Refusal);
      expect(neededScopes(one).every((name) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))).toBe(true);
    },
  );

  property(
    'assertPolicy throws only a ConfigurationError, for any value',
    fc.oneof(
      fc.anything(),
      fc.record({
        kind: fc.constantFrom('scope', 'allOf', 'anyOf', 'claim', 'where', '__proto__'),
        scopes: fc.anything(),
        policies: fc.anything(),
      }),
    ),
    (value) => {
      try {
        assertPolicy('policy', value);
      } catch (failure) {
        expect(failure).toBeInstanceOf(ConfigurationError);
      }
    },
  );
});
