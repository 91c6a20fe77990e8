import type { SignatureAlgorithm } from '../algorithms.js';
import type { Random } from '../random.js';
import { type BadProofs, badProofs } from './bad-proofs.js';
import { type DpopKey, makeDpopKey } from './dpop-key.js';
import { ProofMaker } from './proof-maker.js';
import type { ProofRequest } from './proof-request.js';

/** What a client does for DPoP (RFC 9449), in this process: keys and proofs for tests of whoever checks them. */
export interface Dpop {
  /** Makes a key, another at each call, to use as often as need be. Default ES256. @throws TypeError for an unknown algorithm. */
  key(alg?: SignatureAlgorithm): Promise<DpopKey>;
  /** Makes a proof for one request, dated by the issuer's clock. @throws TypeError when the request has an unknown or ill-typed member, or lacks its `url`. */
  proof(request: ProofRequest): Promise<string>;
  /** Proofs a server must refuse, one fault each. `Object.keys` lists them. */
  readonly bad: BadProofs;
}

/** The client side of DPoP, on the time and the random values of an issuer. */
export function dpopClient(random: Random, nowSeconds: () => number): Dpop {
  const maker = new ProofMaker(random, nowSeconds);
  return Object.freeze({
    key: makeDpopKey,
    proof: (request: ProofRequest) => maker.proof(request),
    bad: badProofs(maker),
  });
}
