import { randomBytes } from 'node:crypto';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { flat } from '../measure/flat-string.js';
import type { Algorithm } from './world.js';

/** The kinds of tokens; every call makes new ones. */
export type TokenKind = 'good' | 'expired' | 'garbage' | 'opaque' | 'forged kid' | 'forged signature';

const lifetime = { expiresInSeconds: 3600 };
const signatureOctets: Readonly<Record<Algorithm, number>> = { RS256: 256, PS256: 256, ES256: 64, EdDSA: 64 };

export async function makeTokens(
  issuer: MockIssuer,
  alg: Algorithm,
  kind: TokenKind,
  count: number,
): Promise<readonly string[]> {
  const tokens: string[] = [];
  const sample = await issuer.token({ alg, scope: 'read write', ...lifetime });
  for (let at = 0; at < count; at++) tokens.push(flat(await makers[kind](issuer, alg, sample, at)));
  return tokens;
}

type Maker = (issuer: MockIssuer, alg: Algorithm, sample: string, at: number) => string | Promise<string>;

const makers: Readonly<Record<TokenKind, Maker>> = {
  good: (issuer, alg, _sample, at) => issuer.token({ alg, subject: `user-${at}`, scope: 'read write', ...lifetime }),
  expired: (issuer, alg, _sample, at) => issuer.bad.expired({ alg, subject: `user-${at}`, scope: 'read write' }),
  // Three segments of random octets, as long as those of a real token.
  garbage: (_issuer, _alg, sample) => sample.split('.').map(noiseLike).join('.'),
  opaque: () => randomBytes(32).toString('base64url'),
  // The claims of a real token, a header with an unknown kid, and random octets as the signature.
  'forged kid': (_issuer, alg, sample) => {
    const header = JSON.stringify({ alg, typ: 'at+jwt', kid: randomBytes(12).toString('base64url') });
    return `${Buffer.from(header).toString('base64url')}.${sample.split('.')[1]}.${noiseSignature(alg)}`;
  },
  'forged signature': (_issuer, alg, sample) => `${sample.slice(0, sample.lastIndexOf('.'))}.${noiseSignature(alg)}`,
};

function noiseSignature(alg: Algorithm): string {
  return randomBytes(signatureOctets[alg]).toString('base64url');
}

function noiseLike(segment: string): string {
  return randomBytes(Math.floor((segment.length * 3) / 4)).toString('base64url');
}

/** Tokens that every subject must refuse before it is measured: each has one fault. */
export async function refusedSamples(issuer: MockIssuer, alg: Algorithm): Promise<ReadonlyMap<string, string>> {
  const { bad } = issuer;
  const request = { alg, scope: 'read write' };
  return new Map([
    ['an expired token', await bad.expired(request)],
    ['a token for another audience', await bad.wrongAudience(request)],
    ['a token of another issuer', await bad.wrongIssuer(request)],
    ['a token that was tampered with', await bad.tampered(request)],
    ['a token whose signature was tampered with', await bad.tamperedSignature(request)],
  ]);
}
