import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  /** Attributes of the subject, the widest first. */
  readonly subject: readonly (readonly [attribute: 'O' | 'CN', value: string])[];
  /** Alternative names. */
  readonly names?: readonly (readonly [kind: keyof typeof kinds, value: string])[];
  /** Who signs it; itself unless somebody else does. */
  readonly by?: Identity;
  readonly isAuthority?: boolean;
}

const attributes = { O: '55040a', CN: '550403' };
const kinds = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

/** A certificate (RFC 5280) over a new EC key, good from 2020 to 2049. */
export function certify({ subject, names = [], by, isAuthority = false }: Wanted): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const name = sequence(...subject.map(([kind, value]) => der(0x31, sequence(oid(attributes[kind]), utf8(value)))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1 + Math.floor(Math.random() * 127))),
    ecdsaWithSha256,
    by === undefined ? name : subjectIn(by.cert),
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z'))),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions(names, isAuthority))),
  );
  const signer = by === undefined ? privateKey : createPrivateKey(by.key);
  return {
    cert: pem(sequence(body, ecdsaWithSha256, signature(body, signer))),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** The certificate as a JWK has it in `x5c`. */
export function x5cOf({ cert }: Identity): string {
  return new X509Certificate(cert).raw.toString('base64');
}

function extensions(names: NonNullable<Wanted['names']>, isAuthority: boolean): Buffer[] {
  const alternatives = names.map(([kind, value]) =>
    der(kinds[kind], kind === 'ip' ? Buffer.from(value.split('.').map(Number)) : Buffer.from(value)),
  );
  return [
    ...(isAuthority
      ? [sequence(oid('551d13'), der(0x01, Buffer.of(0xff)), der(0x04, sequence(der(0x01, Buffer.of(0xff)))))]
      : []),
    ...(names.length > 0 ? [sequence(oid('551d11'), der(0x04, sequence(...alternatives)))] : []),
    // An extension nobody minds, since the list of them may not be empty.
    sequence(oid('2a0304'), der(0x04, Buffer.of(5, 0))),
  ];
}

function signature(body: Buffer, key: KeyObject): Buffer {
  return der(0x03, Buffer.of(0), sign('sha256', body, key));
}

/** The subject of a certificate that {@link certify} made, as it stands in there: the sixth member of its body. */
function subjectIn(cert: string): Buffer {
  let rest = content(content(new X509Certificate(cert).raw));
  for (let at = 0; at < 5; at += 1) rest = rest.subarray(lengthOf(rest));
  return rest.subarray(0, lengthOf(rest));
}

function headOf(bytes: Buffer): { head: number; length: number } {
  const first = bytes.readUInt8(1);
  if (first < 128) return { head: 2, length: first };
  const width = first & 0x7f;
  return { head: 2 + width, length: bytes.readUIntBE(2, width) };
}

function lengthOf(bytes: Buffer): number {
  const { head, length } = headOf(bytes);
  return head + length;
}

function content(bytes: Buffer): Buffer {
  const { head, length } = headOf(bytes);
  return bytes.subarray(head, head + length);
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const inside = Buffer.concat(parts);
  const head = inside.length < 128 ? [tag, inside.length] : [tag, 0x82, inside.length >> 8, inside.length & 0xff];
  return Buffer.concat([Buffer.from(head), inside]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`;
