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
 * Differential test against jose. The two differ on purpose in one point: jose decodes some
 * base64url spellings that RFC 7515 section 2 does not allow. This library refuses them, so that
 * one token has one spelling. Every other verdict is the same.
 *
 * DIFFERENTIAL_TOKENS  number of tokens in all, 10 000 by default
 */
const tokensInAll = Number(process.env['DIFFERENTIAL_TOKENS'] ?? 10_000);
const tokensOfEach = Math.ceil(tokensInAll / everyAlgorithm.length);
const timeout = 60_000 + tokensOfEach * 20;

async function verdictOf(key: PublicKey, token: string): Promise<boolean> {
  const jws = looksLikeCompactJws(token) ? decodeCompactJws(token) : undefined;
  // As in the pipeline: the algorithm is that of the key, and the header must name the same one.
  if (jws === undefined || jws instanceof Malformed || jws.header['alg'] !== key.algorithm.name) return false;
  return verifyBothWays(key, jws.signingInput, jws.signature);
}

async function joseVerifierOf({ jwk, algorithm }: Signer): Promise<(token: string) => Promise<boolean>> {
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

/** Compares both verdicts for every token and returns how many were accepted. */
async function compareAll(algorithm: KeyAlgorithm): Promise<number> {
  const signer = signerOf(algorithm);
  const key = publicKeyOf(signer);
  const verdictOfJose = await joseVerifierOf(signer);
  const random = seededRandom(everyAlgorithm.indexOf(algorithm) + 1);
  let accepted = 0;
  for (const { name, token, isUnchanged } of mutantsOf(signer, tokensOfEach, random)) {
    const [actual, reference] = await Promise.all([verdictOf(key, token), verdictOfJose(token)]);
    expect({ name, token, actual }).toEqual({ name, token, actual: isUnchanged });
    if (actual !== reference)
      expect({ name, token, isCanonical: isCanonical(token) }).toMatchObject({ isCanonical: false });
    if (actual) accepted += 1;
  }
  return accepted;
}

describe.each(everyAlgorithm)('differential test of %s against jose', (algorithm) => {
  it(`the verdict equals the one of jose for ${tokensOfEach} valid, mutated and malformed tokens`, {
    timeout,
  }, async () => {
    expect(await compareAll(algorithm)).toBeGreaterThan(0);
  });
});
