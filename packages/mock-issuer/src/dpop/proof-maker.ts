import { createHash } from 'node:crypto';
import type { JsonObject } from '../judge.js';
import { signJws } from '../jws.js';
import { overlay } from '../mint.js';
import { type Random, randomId } from '../random.js';
import { type DpopKey, makeDpopKey } from './dpop-key.js';
import { judgeProofRequest, type ProofRequest } from './proof-request.js';

/** A proof before it is signed. */
export interface ProofDraft {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly key: DpopKey;
}

/** Makes the proofs of RFC 9449 section 4.2. */
export class ProofMaker {
  readonly #random: Random;
  readonly #nowSeconds: () => number;

  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Whole seconds since the epoch by the issuer's clock. */
  nowSeconds(): number {
    return this.#nowSeconds();
  }

  /** @throws TypeError when the request has an unknown or ill-typed member, or lacks its `url`. */
  async draft(request: ProofRequest): Promise<ProofDraft> {
    judgeProofRequest(request);
    const { method = 'GET', accessToken, nonce } = request;
    const url = new URL(request.url);
    [url.search, url.hash] = ['', ''];
    const claims = {
      jti: randomId(this.#random, 'proof'),
      htm: method,
      htu: url.href,
      iat: this.#nowSeconds(),
      ath: accessToken && createHash('sha256').update(accessToken).digest('base64url'),
      nonce,
    };
    const key = request.key ?? (await makeDpopKey());
    const header = { typ: 'dpop+jwt', alg: key.alg, jwk: key.publicJwk };
    return { header: overlay(header, request.header), claims: overlay(claims, request.claims), key };
  }

  /** A proof. @throws TypeError as {@link draft}. */
  async proof(request: ProofRequest): Promise<string> {
    return signProof(await this.draft(request));
  }
}

/** Signs a draft as it stands. */
export function signProof({ header, claims, key }: ProofDraft): string {
  return signJws(header, claims, key);
}
