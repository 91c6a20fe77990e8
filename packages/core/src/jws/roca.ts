/*
 * Some smart cards and TPMs made RSA keys whose primes follow a pattern, so that the private key can be computed
 * from the public one (CVE-2017-15361, "ROCA"). Modulo each small prime, the modulus of such a key is a power of
 * 65537. Of other keys about one in two hundred million has that property.
 */

const generator = 65_537;
/** Small primes modulo which the powers of 65537 are few enough to tell the two kinds of key apart. */
const primes = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

const powersModulo: readonly (readonly [prime: bigint, powers: ReadonlySet<number>])[] = primes.map((prime) => [
  BigInt(prime),
  powersOf(generator % prime, prime),
]);

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}

/** Whether an RSA modulus has the pattern of keys made by the faulty library. */
export function hasRocaPattern(modulus: Uint8Array): boolean {
  const number = BigInt(`0x${Buffer.from(modulus).toString('hex')}`);
  return powersModulo.every(([prime, powers]) => powers.has(Number(number % prime)));
}
