import { createLocalJWKSet, type JWTVerifyResult, jwtVerify } from 'jose';
import { onTestFinished } from 'vitest';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '../src/index.js';

export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
] as const;

/** An issuer for one test, with keys that are quick to make. */
export async function startIssuer(options: MockIssuerOptions = {}): Promise<MockIssuer> {
  const issuer = await createMockIssuer({ alg: 'ES256', ...options });
  onTestFinished(() => issuer.close());
  return issuer;
}

/** jose's judgement of an access token, in the profile of RFC 9068. */
export function verify(issuer: MockIssuer, token: string, expected: object = {}): Promise<JWTVerifyResult> {
  return jwtVerify(token, createLocalJWKSet(issuer.jwks), {
    issuer: issuer.issuer,
    audience: 'https://api.example.com',
    typ: 'at+jwt',
    currentDate: new Date(issuer.clock.now()),
    requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    ...expected,
  });
}

/** The three segments of a token, the first two also as text. */
export function dissect(token: string): { header: string; payload: string; segments: string[] } {
  const segments = token.split('.');
  const text = (segment = ''): string => Buffer.from(segment, 'base64url').toString();
  return { header: text(segments[0]), payload: text(segments[1]), segments };
}

/** The claims as JSON.parse reads them. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(dissect(token).payload);
}

/** The JOSE header as JSON.parse reads it. */
export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(dissect(token).header);
}
