/*
 * Some smart cards and TPMs generated RSA keys whose primes follow a pattern. The private key can
 * be computed from the public key (CVE-2017-15361, "ROCA"). Modulo each small prime, the modulus of
 * such a key is a power of 65537. About one in two hundred million other keys has it too.
 */

const generator = 65_537;
/** Small primes modulo which 65537 has few powers. Together they separate the two kinds of keys. */
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

/** Whether an RSA modulus has the pattern of the faulty key generator. */
export function hasRocaPattern(modulus: Uint8Array): boolean {
  const number = BigInt(`0x${Buffer.from(modulus).toString('hex')}`);
  return powersModulo.every(([prime, powers]) => powers.has(Number(number % prime)));
}
