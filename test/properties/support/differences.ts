import type { AccessErrorCode } from '../../../packages/core/src/errors.js';
import { jsonFacts } from './json-text.js';
import { nowSeconds, plainRecipe, type Recipe, toleranceSeconds } from './recipes.js';

/** A token as a parser reads it that is as lenient as jose. */
export interface LenientView {
  readonly token: string;
  readonly segments: readonly string[];
  readonly header: JsonView;
  readonly payload: JsonView;
}

interface JsonView {
  /** With its byte order mark, if it has one. */
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** An intended difference between our verdict and that of jose. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  readonly stricter: 'ours' | 'jose';
  /** The code of our refusal, where we are stricter. */
  readonly code?: AccessErrorCode;
  /** Whether this difference applies to the token. */
  readonly explains: (view: LenientView) => boolean;
  /** A token with this difference. */
  readonly example: Partial<Recipe>;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const isLong = (value: unknown) => typeof value === 'string' && value.length > 256;
const facts = ({ text, value }: JsonView) => jsonFacts(text, value);
const canonical = (segment: string) => Buffer.from(segment, 'base64url').toString('base64url') === segment;
const dates = ['exp', 'nbf', 'iat'];

/** All of them. The test fails on a difference that is not listed. */
export const differences: readonly Difference[] = [
  {
    name: 'a second spelling in base64url: padding, whitespace, trailing bits',
    reason: 'a token has one spelling, for caches and replay detection (RFC 7515 section 2, SECURITY.md rule 4)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ segments }) => !segments.every(canonical),
    example: { spelling: { segment: 2, how: 'padded', isSigned: true } },
  },
  {
    name: 'a byte order mark in front of the JSON',
    reason: 'JSON in a token begins with its brace (RFC 8259 section 8.1, SECURITY.md rule 4)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header, payload }) => [header, payload].some(({ text }) => text.startsWith('\ufeff')),
    example: { before: '\ufeff' },
  },
  {
    name: 'a duplicate member',
    reason: 'two parsers must not read two tokens (RFC 7519 section 4, SECURITY.md rule 4)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header, payload }) => facts(header).hasDuplicates || facts(payload).hasDuplicates,
    example: { repeated: { header: [], claims: [['sub', '"eve"']] } },
  },
  {
    name: 'JSON deeper than 32',
    reason: 'bounded work for a forged token (D-27)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header, payload }) => facts(header).depth > 32 || facts(payload).depth > 32,
    example: { depth: 32 },
  },
  {
    name: 'a token longer than maxTokenBytes',
    reason: 'bounded work for a forged token (D-27)',
    stricter: 'ours',
    code: 'token_too_large',
    explains: ({ token }) => token.length > 8192,
    example: { padding: 6500 },
  },
  {
    name: 'kid or jti longer than 256 characters',
    reason: 'the size of a possible cache key is bounded (D-27)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header, payload }) => isLong(header.value['kid']) || isLong(payload.value['jti']),
    example: { claims: [['jti', JSON.stringify('k'.repeat(257))]] },
  },
  {
    name: 'crit in the header, even if jose supports the named extension and it changes nothing',
    reason: 'no extension is supported (D-13)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header: { value } }) => Object.hasOwn(value, 'crit'),
    example: {
      header: [
        ['crit', '["b64"]'],
        ['b64', 'true'],
      ],
    },
  },
  {
    name: 'b64 in the header without crit',
    reason: 'a verifier with support for b64 reads another payload than one without (RFC 7797 section 6, D-13)',
    stricter: 'ours',
    code: 'token_malformed',
    explains: ({ header: { value } }) => Object.hasOwn(value, 'b64') && !Object.hasOwn(value, 'crit'),
    example: { header: [['b64', 'false']] },
  },
  {
    name: 'an RSA key without alg, used with another algorithm than RS256',
    reason: 'one algorithm per key, fixed at import (D-14, RFC 8725 section 3.1)',
    stricter: 'ours',
    code: 'algorithm_refused',
    explains: ({ header: { value } }) => value['kid'] === 'plain' && value['alg'] !== 'RS256',
    example: { stamp: 'RSA without alg as PS256' },
  },
  {
    name: 'PS256 without kid, where the key set has an RSA key without alg',
    reason: 'the key without alg is for RS256, so that one key fits; for jose two keys fit (D-14, D-15)',
    stricter: 'jose',
    explains: ({ header: { value } }) => value['kid'] === undefined && value['alg'] === 'PS256',
    example: { stamp: 'PS256', header: [['kid', undefined]] },
  },
  {
    name: 'alg EdDSA with a key whose alg is Ed25519',
    reason: 'two names of one algorithm (RFC 9864, CATALOGUE.md X-12); jose compares names',
    stricter: 'jose',
    explains: ({ header: { value } }) => value['alg'] === 'EdDSA',
    example: { stamp: 'Ed25519 as EdDSA' },
  },
  {
    name: 'a claim of another kind of token',
    reason: 'a token that contradicts its own typ was issued by mistake, or to confuse (D-33, RFC 8725 section 3.12)',
    stricter: 'ours',
    code: 'type_refused',
    explains: ({ payload: { value } }) =>
      ['events', 'token_introspection'].some((name) => value[name] !== undefined) ||
      /^(id|id_token|refresh|refresh_token)$/i.test(textOf(value['token_use'])) ||
      /^(id|refresh|offline|logout)$/i.test(textOf(value['typ'])),
    example: { claims: [['typ', '"ID"']] },
  },
  {
    name: 'a date before 1970 or after the year 5138, or an infinite one',
    reason: 'a date in milliseconds would never expire (SECURITY.md rule 7)',
    stricter: 'ours',
    code: 'claim_malformed',
    explains: ({ payload: { value } }) =>
      dates.some((name) => typeof value[name] === 'number' && !(value[name] >= 0 && value[name] <= 99_999_999_999)),
    example: { claims: [['exp', `${nowSeconds}000`]] },
  },
  {
    name: 'sub, client_id or jti that is not text, or is empty',
    reason: 'RFC 9068 section 2.2 requires strings, and handlers rely on that type; jose checks only the presence',
    stricter: 'ours',
    code: 'claim_malformed',
    explains: ({ payload: { value } }) => ['sub', 'client_id', 'jti'].some((name) => !isText(value[name])),
    example: { claims: [['sub', 'null']] },
  },
  {
    name: 'an audience list with an item that is not a string',
    reason: 'RFC 7519 section 4.1.3: an array of strings',
    stricter: 'ours',
    code: 'claim_malformed',
    explains: ({ payload: { value } }) =>
      Array.isArray(value['aud']) && value['aud'].some((item) => typeof item !== 'string'),
    example: { claims: [['aud', '["https://api.example.com",7]']] },
  },
  {
    name: 'a scope that is not a string',
    reason: 'RFC 9068 section 2.2.3, RFC 8693 section 4.2; jose does not check scope',
    stricter: 'ours',
    code: 'claim_malformed',
    explains: ({ payload: { value } }) => value['scope'] !== undefined && typeof value['scope'] !== 'string',
    example: { claims: [['scope', '["read"]']] },
  },
  {
    name: 'iss, sub or aud in the header that differs from the claim',
    reason: 'RFC 7519 section 5.3; jose does not compare replicated claims',
    stricter: 'ours',
    code: 'claim_malformed',
    explains: ({ header, payload }) =>
      ['iss', 'sub', 'aud'].some(
        (name) =>
          header.value[name] !== undefined &&
          JSON.stringify(header.value[name]) !== JSON.stringify(payload.value[name]),
      ),
    example: { header: [['sub', '"eve"']] },
  },
  {
    name: 'iat in the future',
    reason:
      'nbf is the claim for tokens issued in advance (RFC 7519 section 4.1.6); jose checks iat only with maxTokenAge',
    stricter: 'ours',
    code: 'token_not_yet_valid',
    explains: ({ payload: { value } }) => Number(value['iat']) > nowSeconds + toleranceSeconds,
    example: { claims: [['iat', String(nowSeconds + 31)]] },
  },
  {
    name: 'cnf with any value',
    reason: 'a bound token without proof of its key may be a stolen one (D-25)',
    stricter: 'ours',
    code: 'binding_unsupported',
    explains: ({ payload: { value } }) => value['cnf'] !== undefined,
    example: { claims: [['cnf', '{"jkt":"x"}']] },
  },
];

export const exampleOf = ({ example }: Difference): Recipe => ({ ...plainRecipe, ...example });

/** Decodes a token leniently; `undefined` if that fails. */
export function lenientView(token: string): LenientView | undefined {
  const segments = token.split('.');
  try {
    return { token, segments, header: viewOf(segments[0] ?? ''), payload: viewOf(segments[1] ?? '') };
  } catch {
    return undefined;
  }
}

function viewOf(segment: string): JsonView {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(segment, 'base64url'));
  const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  return { text, value: value as Readonly<Record<string, unknown>> };
}
