import { compactVerify, importJWK, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import { decodeCompactJws, looksLikeCompactJws } from '../../src/jws/compact.js';
import { Malformed } from '../../src/jws/malformed.js';
import type { PublicKey } from '../../src/jws/public-key.js';
import { mutantsOf } from '../support/mutants.js';
import { publicKeyOf } from '../support/public-keys.js';
import { seededRandom } from '../support/random.js';
import { everyAlgorithm, type Signer, signerOf } from '../support/signers.js';
import { verifyBothWays } from '../support/verify-both-ways.js';

/*
 * jose is the referee. In one thing the two differ on purpose: jose reads some spellings of base64url that RFC 7515
 * section 2 does not have, and here they are refused, so that one token has one spelling. Every other verdict is the same.
 *
 * DIFFERENTIAL_TOKENS  how many tokens in all; 10 000 when nothing is said
 */
const tokensInAll = Number(process.env['DIFFERENTIAL_TOKENS'] ?? 10_000);
const tokensOfEach = Math.ceil(tokensInAll / everyAlgorithm.length);
const timeout = 60_000 + tokensOfEach * 20;

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

function isCanonical(token: string): boolean {
  return token.split('.').every((text) => Buffer.from(text, 'base64url').toString('base64url') === text);
}

/** How many were accepted. */
async function compareAll(algorithm: KeyAlgorithm): Promise<number> {
  const signer = signerOf(algorithm);
  const key = publicKeyOf(signer);
  const referee = await refereeOf(signer);
  const random = seededRandom(everyAlgorithm.indexOf(algorithm) + 1);
  let accepted = 0;
  for (const { name, token, isUnchanged } of mutantsOf(signer, tokensOfEach, random)) {
    const [ours, theirs] = await Promise.all([ourVerdict(key, token), referee(token)]);
    expect({ name, token, ours }).toEqual({ name, token, ours: isUnchanged });
    if (ours !== theirs) expect({ name, token, isCanonical: isCanonical(token) }).toMatchObject({ isCanonical: false });
    if (ours) accepted += 1;
  }
  return accepted;
}

describe.each(everyAlgorithm)('%s: our verdict is the verdict of jose', (algorithm) => {
  it(`over ${tokensOfEach} tokens, good, mutated and malformed`, { timeout }, async () => {
    expect(await compareAll(algorithm)).toBeGreaterThan(0);
  });
});
