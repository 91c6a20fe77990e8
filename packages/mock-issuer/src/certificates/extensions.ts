import { der, octets, oid, sequence } from './der.js';

/** Alternative names of a subject. */
export type AlternativeNames = readonly (readonly [kind: keyof typeof nameTags, value: string])[];

/** What extensions say. */
interface Extensions {
  readonly names: AlternativeNames;
  readonly isAuthority: boolean;
  readonly keyId: Buffer;
  readonly signerKeyId: Buffer;
}

/** GeneralName (RFC 5280 section 4.2.1.6). */
const nameTags = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

const TRUE = der(0x01, Buffer.of(0xff));

/** keyCertSign and cRLSign, or digitalSignature (RFC 5280 section 4.2.1.3): how many bits are unused, and the others. */
const usages = { authority: Buffer.of(1, 0b0000_0110), other: Buffer.of(7, 0b1000_0000) };

/** The extensions that RFC 5280 section 4.2 asks for, and subjectAltName where there are names. */
export function extensionsOf({ names, isAuthority, keyId, signerKeyId }: Extensions): Buffer {
  const usage = der(0x03, isAuthority ? usages.authority : usages.other);
  return sequence(
    critical('551d13', sequence(...(isAuthority ? [TRUE] : []))),
    critical('551d0f', usage),
    extension('551d0e', octets(keyId)),
    extension('551d23', sequence(der(0x80, signerKeyId))),
    ...(names.length > 0 ? [extension('551d11', sequence(...names.map(nameOf)))] : []),
  );
}

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), octets(value));
const critical = (id: string, value: Buffer): Buffer => sequence(oid(id), TRUE, octets(value));

function nameOf([kind, value]: AlternativeNames[number]): Buffer {
  return der(nameTags[kind], kind === 'ip' ? Buffer.from(value.split('.').map(Number)) : Buffer.from(value));
}
