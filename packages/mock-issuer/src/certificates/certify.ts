import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, der, octets, oid, sequence, utcTime, utf8 } from './der.js';

/** Attributes of a subject, the widest first. */
export type SubjectAttributes = readonly (readonly [attribute: keyof typeof attributes, value: string])[];

/** Alternative names of a subject. */
type AlternativeNames = readonly (readonly [kind: keyof typeof nameTags, value: string])[];

/** Somebody with a certificate and its key. */
export interface CertifiedKey {
  /** In DER. */
  readonly certificate: Buffer;
  readonly subject: SubjectAttributes;
  readonly privateKey: KeyObject;
}

/** What a certificate shall say. */
export interface Wanted {
  readonly subject: SubjectAttributes;
  readonly names?: AlternativeNames;
  /** Who signs it; itself unless somebody else does. */
  readonly by?: Pick<CertifiedKey, 'subject' | 'privateKey'>;
  readonly isAuthority?: boolean;
}

const attributes = { O: '55040a', OU: '55040b', CN: '550403' };

/** GeneralName (RFC 5280 section 4.2.1.6). */
const nameTags = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const TRUE = der(0x01, Buffer.of(0xff));

/** A certificate (RFC 5280 section 4.1) over a new key on P-256, good from 2020 to 2049. */
export function certify({ subject, names = [], by, isAuthority = false }: Wanted): CertifiedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    // Of the serial number the first bit is not set, so that it is positive, and the second is, so that it has no leading zeros.
    der(0x02, Buffer.of(0x40 | (randomBytes(1).readUInt8() & 0x3f)), randomBytes(15)),
    ecdsaWithSha256,
    nameOf(by?.subject ?? subject),
    sequence(utcTime('200101000000Z'), utcTime('491231000000Z')),
    nameOf(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions(names, isAuthority))),
  );
  const signature = bits(sign('sha256', body, by?.privateKey ?? privateKey));
  return { certificate: sequence(body, ecdsaWithSha256, signature), subject, privateKey };
}

function nameOf(subject: SubjectAttributes): Buffer {
  return sequence(...subject.map(([kind, value]) => der(0x31, sequence(oid(attributes[kind]), utf8(value)))));
}

/** basicConstraints, and subjectAltName where there are names. */
function extensions(names: AlternativeNames, isAuthority: boolean): Buffer[] {
  const constraints = sequence(oid('551d13'), TRUE, octets(sequence(...(isAuthority ? [TRUE] : []))));
  const alternatives = names.map(([kind, value]) =>
    der(nameTags[kind], kind === 'ip' ? addressBytes(value) : Buffer.from(value)),
  );
  return [constraints, ...(names.length > 0 ? [sequence(oid('551d11'), octets(sequence(...alternatives)))] : [])];
}

/** An IPv4 address. */
function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}
