import { confirmBinding } from '../../src/binding/confirm-binding.js';
import type { TokenFacts } from '../../src/model/stages.js';
import {
  ConfirmedToken,
  Credential,
  LocalVerification,
  ParsedToken,
  SignedToken,
  ValidToken,
  VerifiedToken,
} from '../../src/model/stages.js';
import { jsonObject } from './json-object.js';
import { someKey } from './public-keys.js';

/** The parts of a stage, all optional. A string is JSON text that is used unchanged. */
export interface StageParts {
  readonly header?: string | Readonly<Record<string, unknown>>;
  readonly claims?: string | Readonly<Record<string, unknown>>;
  readonly facts?: Partial<TokenFacts>;
}

export const testIssuer = 'https://issuer.test';
export const testAudience = 'https://api.test';

/** The claims of a good RFC 9068 access token. A change to `undefined` removes a claim. */
export function goodClaims(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const base = { iss: testIssuer, exp: 2000, aud: testAudience, sub: 'ada', client_id: 'web', iat: 1000, jti: 'jti-1' };
  return { ...base, ...changes };
}

export function parsedToken({
  header = { alg: 'Ed25519', typ: 'at+jwt' },
  claims = goodClaims(),
}: StageParts = {}): ParsedToken {
  const payload = jsonObject(claims);
  const jws = { header: jsonObject(header), payload, signingInput: '', signature: new Uint8Array() };
  const issuer = String(payload['iss']);
  return new ParsedToken(new Credential('Bearer', 'the.bearer.token'), jws, {
    issuer,
    algorithm: 'Ed25519',
    kid: undefined,
  });
}

export function signedToken(parts: StageParts = {}): SignedToken {
  return new SignedToken(parsedToken(parts), someKey());
}

export function localVerification(parts: StageParts = {}): LocalVerification {
  const facts = {
    audience: [testAudience],
    scopes: [],
    expiresAt: 2000,
    notBefore: undefined,
    issuedAt: 1000,
    subject: 'ada',
    clientId: 'web',
    ...parts.facts,
  };
  return new LocalVerification(signedToken(parts), facts, {});
}

export function verifiedToken(parts: StageParts = {}): VerifiedToken {
  return new VerifiedToken(signedToken(parts).credential, localVerification(parts));
}

export function validToken(parts: StageParts = {}): ValidToken {
  return new ValidToken(verifiedToken(parts));
}

export function confirmedToken(parts: StageParts = {}): ConfirmedToken {
  const confirmed = confirmBinding(validToken(parts));
  if (confirmed instanceof ConfirmedToken) return confirmed;
  throw new Error('the token is bound');
}
