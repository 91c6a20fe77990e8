/**
 * The y-coordinates of the points of Ed25519 whose order divides 8, least significant octet first, without the
 * sign of x; the last two are second spellings of the first two. Under such a key a signature that anybody can
 * write down is good for many messages, or for all; OpenSSL does not refuse them.
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

/** Whether a public key of Ed25519 is of small order (RFC 8725 section 3.4). */
export function isOfSmallOrder(point: Uint8Array): boolean {
  const withoutSign = Buffer.from(point);
  withoutSign[31] = (withoutSign[31] ?? 0) & 0x7f;
  return smallOrder.has(withoutSign.toString('hex'));
}
