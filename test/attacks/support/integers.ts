/** Orders of the groups in which signatures are computed. */
export const orders = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521': BigInt(
    '0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
  Ed25519: 2n ** 252n + 27742317777372353535851937790883648493n,
} as const;

/** Big-endian octets as a number. */
export function integerOf(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex') || '0'}`);
}

/** A number as exactly `length` big-endian octets. */
export function octetsOf(value: bigint, length: number): Buffer {
  const hex = value.toString(16).padStart(length * 2, '0');
  if (hex.length > length * 2) throw new RangeError(`does not fit into ${length} octets`);
  return Buffer.from(hex, 'hex');
}

/** R and S side by side (RFC 7518 section 3.4), with halves of `length` octets. */
export function joinRS(r: bigint, s: bigint, length: number): Buffer {
  return Buffer.concat([octetsOf(r, length), octetsOf(s, length)]);
}

/** R and S of an ECDSA signature. */
export function splitRS(signature: Uint8Array): { r: bigint; s: bigint; length: number } {
  const length = signature.length / 2;
  return { r: integerOf(signature.subarray(0, length)), s: integerOf(signature.subarray(length)), length };
}

/** Reversed octets: EdDSA is little-endian (RFC 8032 section 5.1.2). */
export function reversed(octets: Uint8Array): Buffer {
  return Buffer.from(octets).reverse();
}
