import { constants, type KeyObject, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';

/** Members of a JSON object; `undefined` is left out. */
export type Members = Readonly<Record<string, unknown>>;

/** Signs the first two segments as they stand. */
export type Signer = (signingInput: string) => Uint8Array;

/** Base64url of text and octets as they are, and of anything else as JSON. */
export function segment(content: unknown): string {
  const octets = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
  return Buffer.from(octets).toString('base64url');
}

/** Three segments with dots between; the signature is taken at its word. */
export function compact(header: unknown, payload: unknown, signature: string | Uint8Array): string {
  return [header, payload, signature].map(segment).join('.');
}

/** Encodes, signs and joins. */
export function signCompact(header: unknown, payload: unknown, signer: Signer): string {
  return signSegments(segment(header), segment(payload), signer);
}

/** Signs segments that are already encoded, rightly or not. */
export function signSegments(header: string, payload: string, signer: Signer): string {
  const signingInput = `${header}.${payload}`;
  return `${signingInput}.${segment(signer(signingInput))}`;
}

/** The parts of a token, to be put together again. */
export function partsOf(token: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header, payload, signature };
}

/** The signature of a token, in octets. */
export function signatureOf(token: string): Buffer {
  return Buffer.from(partsOf(token).signature, 'base64url');
}

/** The same token under another signature. */
export function withSignature(token: string, signature: Uint8Array): string {
  const { header, payload } = partsOf(token);
  return `${header}.${payload}.${segment(signature)}`;
}

/** How much salt an RSASSA-PSS signature gets: that of the algorithm, unless said otherwise. */
interface PssOptions {
  readonly saltLength?: number;
}

/** What `alg` says done with `key`; where the two do not fit, the key's own kind of signature. */
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

/** JSON text of `members`, then one more member as raw text: a name may come twice, a value be no JSON. */
export function jsonWith(members: Members, name: string, rawValue: string): string {
  return `${JSON.stringify(members).slice(0, -1)},"${name}":${rawValue}}`;
}

/** The same with the raw member in front. */
export function jsonLedBy(name: string, rawValue: string, members: Members): string {
  return `{"${name}":${rawValue},${JSON.stringify(members).slice(1)}`;
}

/** `members` without one of them. */
export function without(members: Members, name: string): Members {
  return { ...members, [name]: undefined };
}
