/**
 * The y-coordinates of the Ed25519 points whose order divides 8: least significant octet first, and
 * without the sign of x. The last two are second encodings of the first two.
 *
 * An attacker can write down signatures that are valid under such a key for many messages, or for
 * all, without a private key. OpenSSL does not refuse these keys.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether an Ed25519 public key has a small order (RFC 8725 section 3.4). */
export function isOfSmallOrder(point: Uint8Array): boolean {
  const withoutSign = Buffer.from(point);
  withoutSign[31] = (withoutSign[31] ?? 0) & 0x7f;
  return smallOrder.has(withoutSign.toString('hex'));
}
