import { compactVerify, importJWK, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeCompactJws, looksLikeCompactJws } from '../../src/jws/compact.js';
import { Malformed } from '../../src/jws/malformed.js';
import type { PublicKey } from '../../src/jws/public-key.js';
import { publicKeyOf } from '../support/public-keys.js';
import { seededRandom } from '../support/random.js';
import { segment } from '../support/segments.js';
import { type Signer, signerOf } from '../support/signers.js';
import { verifyBothWays } from '../support/verify-both-ways.js';

/*
 * Where the two may differ: jose hands the payload on as octets, whatever they are, and reads some
 * spellings of base64url that RFC 7515 section 2 does not have. Both are refused here on purpose, so
 * that one token has one spelling and one reading; every other verdict is the same.
 */

const algorithms = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const;
const mutantsOfEach = 250;

type Random = () => number;
interface Parts {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}
type Mutation = (parts: Parts, random: Random) => Parts;

const upTo = (random: Random, limit: number) => Math.floor(random() * limit);
const noise = (random: Random, length: number) => Buffer.from(Array.from({ length }, () => upTo(random, 256)));

function flipped(octets: Buffer, random: Random): Buffer {
  const copy = Buffer.from(octets);
  const at = upTo(random, copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << upTo(random, 8)), at);
  return copy;
}

const onSignature =
  (change: (signature: Buffer, random: Random) => Buffer): Mutation =>
  (parts, random) => ({ ...parts, signature: change(parts.signature, random) });

const mutations: Readonly<Record<string, Mutation>> = {
  'nothing at all': (parts) => parts,
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
  'zeros behind the signature': onSignature((octets, random) =>
    Buffer.concat([octets, Buffer.alloc(1 + upTo(random, 3))]),
  ),
  'another signature of the same length': onSignature((octets, random) => noise(random, octets.length)),
  'halves exchanged': onSignature((octets) =>
    Buffer.concat([octets.subarray(octets.length / 2), octets.subarray(0, octets.length / 2)]),
  ),
  'one bit of the payload': (parts, random) => ({ ...parts, payload: flipped(parts.payload, random) }),
  'one bit of the header': (parts, random) => ({ ...parts, header: flipped(parts.header, random) }),
};

function goodParts(signer: Signer, serial: number): Parts {
  const header = Buffer.from(JSON.stringify({ alg: signer.algorithm, typ: 'at+jwt' }));
  const payload = Buffer.from(JSON.stringify({ iss: 'https://issuer.test', jti: String(serial) }));
  return { header, payload, signature: signer.sign(`${segment(header)}.${segment(payload)}`) };
}

const written = ({ header, payload, signature }: Parts) => [header, payload, signature].map(segment).join('.');

async function ourVerdict(key: PublicKey, token: string): Promise<boolean> {
  const jws = looksLikeCompactJws(token) ? decodeCompactJws(token) : undefined;
  // As the pipeline does: the algorithm is the key's, and the header has to say the same.
  if (jws === undefined || jws instanceof Malformed || jws.header['alg'] !== key.algorithm.name) return false;
  return verifyBothWays(key, jws.signingInput, jws.signature);
}

async function refereeOf({ jwk, algorithm }: Signer): Promise<(token: string) => Promise<boolean>> {
  const key = await importJWK(jwk as JWK, algorithm);
  return (token) =>
    compactVerify(token, key, { algorithms: [algorithm] }).then(
      () => true,
      () => false,
    );
}

describe.each(algorithms)('%s: our verdict is the verdict of jose', (algorithm) => {
  it(`over ${mutantsOfEach} mutants of good tokens`, async () => {
    const signer = signerOf(algorithm);
    const key = publicKeyOf(signer);
    const referee = await refereeOf(signer);
    const random = seededRandom(algorithms.indexOf(algorithm) + 1);
    const names = Object.keys(mutations);
    const accepted: string[] = [];
    for (let serial = 0; serial < mutantsOfEach; serial++) {
      const name = names[serial % names.length] ?? '';
      const token = written(mutations[name]?.(goodParts(signer, serial), random) ?? goodParts(signer, serial));
      const [ours, theirs] = await Promise.all([ourVerdict(key, token), referee(token)]);
      expect({ name, token, verdict: ours }).toEqual({ name, token, verdict: theirs });
      if (ours) accepted.push(name);
    }
    expect(new Set(accepted)).toEqual(new Set(['nothing at all']));
  });

  it('over changed characters: what we accept is the token itself, and where we differ the spelling is not base64url', async () => {
    const signer = signerOf(algorithm);
    const key = publicKeyOf(signer);
    const referee = await refereeOf(signer);
    const random = seededRandom(99);
    const good = written(goodParts(signer, 1));
    const start = good.lastIndexOf('.') + 1;
    for (const character of `AQgw-_+/=. \t\n?~%é`) {
      const at = start + upTo(random, good.length - start);
      const replaced = good.slice(0, at) + character + good.slice(at + 1);
      const lastReplaced = good.slice(0, -1) + character;
      const inserted = good.slice(0, at) + character + good.slice(at);
      for (const token of [replaced, lastReplaced, inserted, good + character]) {
        const ours = await ourVerdict(key, token);
        expect({ token, ours }).toEqual({ token, ours: token === good });
        if (ours === (await referee(token))) continue;
        const text = token.slice(start);
        expect(Buffer.from(text, 'base64url').toString('base64url')).not.toBe(text);
      }
    }
  });
});
