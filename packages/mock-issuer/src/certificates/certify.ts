import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, der, oid, sequence, utcTime, utf8 } from './der.js';
import { type AlternativeNames, extensionsOf } from './extensions.js';

/** Attributes of a subject, the widest first. */
export type SubjectAttributes = readonly (readonly [attribute: keyof typeof attributes, value: string])[];

/** Somebody with a certificate and its key. */
export interface CertifiedKey {
  /** In DER. */
  readonly certificate: Buffer;
  readonly subject: SubjectAttributes;
  /** By which those that it signs name their signer. */
  readonly keyId: Buffer;
  readonly privateKey: KeyObject;
}

/** What a certificate shall say. */
export interface Wanted {
  readonly subject: SubjectAttributes;
  readonly names?: AlternativeNames;
  /** Who signs it; itself unless somebody else does. */
  readonly by?: Omit<CertifiedKey, 'certificate'>;
  readonly isAuthority?: boolean;
}

const attributes = { O: '55040a', OU: '55040b', CN: '550403' };
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

/** A certificate (RFC 5280 section 4.1) over a new key on P-256, good from 2020 to 2049. */
export function certify({ subject, names = [], by, isAuthority = false }: Wanted): CertifiedKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = { subject, keyId: keyIdOf(privateKey), privateKey };
  const signer = by ?? own;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serialNumber()),
    ecdsaWithSha256,
    nameOf(signer.subject),
    sequence(utcTime('200101000000Z'), utcTime('491231000000Z')),
    nameOf(subject),
    spkiOf(privateKey),
    der(0xa3, extensionsOf({ names, isAuthority, keyId: own.keyId, signerKeyId: signer.keyId })),
  );
  const signature = bits(sign('sha256', body, signer.privateKey));
  return { ...own, certificate: sequence(body, ecdsaWithSha256, signature) };
}

/** By which a key is named: RFC 7093 section 2 has the first 160 bits of a SHA-256. */
export function keyIdOf(privateKey: KeyObject): Buffer {
  return createHash('sha256').update(spkiOf(privateKey)).digest().subarray(0, 20);
}

const spkiOf = (privateKey: KeyObject): Buffer => createPublicKey(privateKey).export({ format: 'der', type: 'spki' });

/** 126 random bits: the first one is not set, so that it is positive, and the second is, so that it has no zeros in front. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8() & 0x3f) | 0x40);
  return bytes;
}

function nameOf(subject: SubjectAttributes): Buffer {
  return sequence(...subject.map(([kind, value]) => der(0x31, sequence(oid(attributes[kind]), utf8(value)))));
}
