import { constants, type KeyObject, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';

/** Members of a JSON object; a member that is `undefined` is omitted. */
export type Members = Readonly<Record<string, unknown>>;

/** Signs the first two segments. */
export type Signer = (signingInput: string) => Uint8Array;

/** Base64url of text and octets unchanged, and of any other value as JSON. */
export function segment(content: unknown): string {
  const octets = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
  return Buffer.from(octets).toString('base64url');
}

/** Three segments joined by dots, with the given signature. */
export function compact(header: unknown, payload: unknown, signature: string | Uint8Array): string {
  return [header, payload, signature].map(segment).join('.');
}

/** Encodes header and payload, signs them and joins the segments. */
export function signCompact(header: unknown, payload: unknown, signer: Signer): string {
  return signSegments(segment(header), segment(payload), signer);
}

/** Signs segments that are already encoded, correctly or not. */
export function signSegments(header: string, payload: string, signer: Signer): string {
  const signingInput = `${header}.${payload}`;
  return `${signingInput}.${segment(signer(signingInput))}`;
}

/** The segments of a token. */
export function partsOf(token: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header, payload, signature };
}

/** The signature of a token, in octets. */
export function signatureOf(token: string): Buffer {
  return Buffer.from(partsOf(token).signature, 'base64url');
}

/** The same token with another signature. */
export function withSignature(token: string, signature: Uint8Array): string {
  const { header, payload } = partsOf(token);
  return `${header}.${payload}.${segment(signature)}`;
}

/**
 * The salt length of an RSASSA-PSS signature; by default the length that the algorithm requires.
 */
interface PssOptions {
  readonly saltLength?: number;
}

/** Signs by `alg` with `key`. If the two do not fit, the key determines the kind of signature. */
export function signerOf(alg: SignatureAlgorithm, key: KeyObject, { saltLength }: PssOptions = {}): Signer {
  const digest = key.asymmetricKeyType === 'ed25519' ? null : `sha${/^[REP]S(\d{3})$/.exec(alg)?.[1] ?? '256'}`;
  return (signingInput) => sign(digest, Buffer.from(signingInput), { key, ...optionsOf(alg, key, saltLength) });
}

function optionsOf(alg: SignatureAlgorithm, key: KeyObject, saltLength: number = constants.RSA_PSS_SALTLEN_DIGEST) {
  if (key.asymmetricKeyType === 'ec') return { dsaEncoding: 'ieee-p1363' as const };
  if (key.asymmetricKeyType !== 'rsa') return {};
  return alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
    : { padding: constants.RSA_PKCS1_PADDING };
}

/**
 * JSON text of `members`, then one more member as raw text. The name may be a duplicate, and the
 * value need not be JSON.
 */
export function jsonWith(members: Members, name: string, rawValue: string): string {
  return `${JSON.stringify(members).slice(0, -1)},"${name}":${rawValue}}`;
}

/** The same with the raw member first. */
export function jsonLedBy(name: string, rawValue: string, members: Members): string {
  return `{"${name}":${rawValue},${JSON.stringify(members).slice(1)}`;
}

/** `members` without one of them. */
export function without(members: Members, name: string): Members {
  return { ...members, [name]: undefined };
}
