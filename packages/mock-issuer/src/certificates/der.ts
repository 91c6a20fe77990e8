/** One element of DER: its tag, its length, its content (X.690 section 8.1). */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** SEQUENCE. */
export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);

/** OBJECT IDENTIFIER, of its content in hexadecimal. */
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** UTF8String. */
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));

/** UTCTime, to the second. */
export const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** OCTET STRING. */
export const octets = (...parts: readonly Uint8Array[]): Buffer => der(0x04, ...parts);

/** BIT STRING of whole bytes. */
export const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.of(0), bytes);
