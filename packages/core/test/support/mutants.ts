import { segment } from './segments.js';
import type { Signer } from './signers.js';

/** A valid token after a mutation. */
export interface Mutant {
  /** The name of the mutation. */
  readonly name: string;
  readonly token: string;
  /** Whether the mutation had no effect: a random character may equal the one that it replaces. */
  readonly isUnchanged: boolean;
}

type Random = () => number;
interface Parts {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}
type Mutation = (parts: Parts, random: Random) => string;

const upTo = (random: Random, limit: number) => Math.floor(random() * limit);
const noise = (random: Random, length: number) => Buffer.from(Array.from({ length }, () => upTo(random, 256)));
const written = ({ header, payload, signature }: Parts) => [header, payload, signature].map(segment).join('.');

function flipped(octets: Buffer, random: Random): Buffer {
  const copy = Buffer.from(octets);
  const at = upTo(random, copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << upTo(random, 8)), at);
  return copy;
}

const onSignature =
  (change: (signature: Buffer, random: Random) => Buffer): Mutation =>
  (parts, random) =>
    written({ ...parts, signature: change(parts.signature, random) });

/** The text before and after a random position, and the character at it. */
const onText =
  (change: (before: string, character: string, after: string, random: Random) => string): Mutation =>
  (parts, random) => {
    const text = written(parts);
    const at = upTo(random, text.length);
    return change(text.slice(0, at), text.charAt(at), text.slice(at + 1), random);
  };

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const invalidCharacters = '+/=.~ \t\n\0%&?é\u0141';
const oneOf = (characters: string, random: Random) => characters.charAt(upTo(random, characters.length));

const mutations: Readonly<Record<string, Mutation>> = {
  'nothing at all': (parts) => written(parts),
  'one bit of the signature': onSignature(flipped),
  'three bits of the signature': onSignature((octets, random) =>
    flipped(flipped(flipped(octets, random), random), random),
  ),
  'the signature is cut': onSignature((octets, random) => octets.subarray(0, upTo(random, octets.length))),
  'the signature is cut in front': onSignature((octets, random) => octets.subarray(1 + upTo(random, octets.length))),
  'the signature is extended': onSignature((octets, random) =>
    Buffer.concat([octets, noise(random, 1 + upTo(random, 9))]),
  ),
  'zeros before the signature': onSignature((octets, random) =>
    Buffer.concat([Buffer.alloc(1 + upTo(random, 3)), octets]),
  ),
  'zeros after the signature': onSignature((octets, random) =>
    Buffer.concat([octets, Buffer.alloc(1 + upTo(random, 3))]),
  ),
  'another signature of the same length': onSignature((octets, random) => noise(random, octets.length)),
  'halves exchanged': onSignature((octets) =>
    Buffer.concat([octets.subarray(octets.length / 2), octets.subarray(0, octets.length / 2)]),
  ),
  'one bit of the payload': (parts, random) => written({ ...parts, payload: flipped(parts.payload, random) }),
  'one bit of the header': (parts, random) => written({ ...parts, header: flipped(parts.header, random) }),
  'a character of another value': onText((before, _, after, random) => before + oneOf(alphabet, random) + after),
  'an invalid character': onText((before, _, after, random) => before + oneOf(invalidCharacters, random) + after),
  'a character more': onText(
    (before, character, after, random) => before + character + oneOf(alphabet + invalidCharacters, random) + after,
  ),
  'a character less': onText((before, _, after) => before + after),
  'a character after the token': (parts, random) => written(parts) + oneOf(alphabet + invalidCharacters, random),
  'the end of the token': onText((before) => before),
  'the beginning of the token': onText((_, __, after) => after),
  'segments in another order': (parts) => written({ ...parts, header: parts.payload, payload: parts.header }),
  'a segment twice': (parts) => `${written(parts)}.${segment(parts.signature)}`,
  'no signature': (parts) => written({ ...parts, signature: Buffer.alloc(0) }),
};

/**
 * `count` mutated tokens. The mutations are applied in order, each round to another valid token.
 */
export function* mutantsOf(signer: Signer, count: number, random: Random): Generator<Mutant> {
  const all = Object.entries(mutations);
  const header = Buffer.from(JSON.stringify({ alg: signer.algorithm, typ: 'at+jwt' }));
  for (let serial = 0; serial < count; serial += all.length) {
    const payload = Buffer.from(JSON.stringify({ iss: 'https://issuer.test', jti: String(serial) }));
    const signature = signer.sign(`${segment(header)}.${segment(payload)}`);
    const good = written({ header, payload, signature });
    for (const [name, mutate] of all.slice(0, count - serial)) {
      const token = mutate({ header, payload, signature }, random);
      yield { name, token, isUnchanged: token === good };
    }
  }
}
