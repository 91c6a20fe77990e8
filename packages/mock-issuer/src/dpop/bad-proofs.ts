import { createHmac } from 'node:crypto';
import type { JsonObject } from '../judge.js';
import { compact, encodeSegment } from '../jws.js';
import { overlay } from '../mint.js';
import { makeDpopKey } from './dpop-key.js';
import { type ProofDraft, type ProofMaker, signProof } from './proof-maker.js';
import type { ProofRequest } from './proof-request.js';

/** Makes a proof that is as the request has it, but for one fault. @throws TypeError when the request is ill-typed. */
export type BadProof = (request: ProofRequest) => Promise<string>;

/**
 * Proofs that a server must refuse, one for each check of RFC 9449 section 4.3 that does not depend on what the server did before. Those
 * that do are made of good ones: a proof that is sent again, one with another `nonce`, one of another `key` than that of the token.
 */
export interface BadProofs {
  /** There is no `jti`. */
  readonly missingId: BadProof;
  /** There is no `htm`. */
  readonly missingMethod: BadProof;
  /** There is no `htu`. */
  readonly missingUrl: BadProof;
  /** There is no `iat`. */
  readonly missingTime: BadProof;
  /** There is no `ath`; a good proof where no access token comes along. */
  readonly missingTokenHash: BadProof;
  /** `typ` is JWT. */
  readonly wrongType: BadProof;
  /** `alg` is none, and there is no signature. */
  readonly algNone: BadProof;
  /** `alg` is HS256, keyed with the secret that the `jwk` carries. */
  readonly symmetric: BadProof;
  /** There is no `jwk`. */
  readonly missingKey: BadProof;
  /** The `jwk` is the private key. */
  readonly privateKey: BadProof;
  /** Signed by another key than the `jwk`. */
  readonly foreignSignature: BadProof;
  /** `iat` was moved by a second after signing. */
  readonly tampered: BadProof;
  /** `htm` is another method. */
  readonly wrongMethod: BadProof;
  /** `htu` has another path. */
  readonly wrongUrl: BadProof;
  /** `htu` has another host. */
  readonly wrongHost: BadProof;
  /** `ath` is the hash of another access token. */
  readonly wrongTokenHash: BadProof;
  /** `iat` is one hour ago. */
  readonly old: BadProof;
  /** `iat` is in one hour. */
  readonly issuedInFuture: BadProof;
}

const HOUR_SECONDS = 3600;

/** Makes the proofs of {@link BadProofs}. */
export function badProofs(maker: ProofMaker): BadProofs {
  const altered =
    (change: (draft: ProofDraft) => Promise<string> | string): BadProof =>
    async (request) =>
      change(await maker.draft(request));
  const claims = (change: (claims: JsonObject) => JsonObject): BadProof =>
    altered((draft) => signProof({ ...draft, claims: overlay(draft.claims, change(draft.claims)) }));
  const header = (change: (draft: ProofDraft) => JsonObject): BadProof =>
    altered((draft) => signProof({ ...draft, header: overlay(draft.header, change(draft)) }));
  return Object.freeze({
    missingId: claims(() => ({ jti: undefined })),
    missingMethod: claims(() => ({ htm: undefined })),
    missingUrl: claims(() => ({ htu: undefined })),
    missingTime: claims(() => ({ iat: undefined })),
    missingTokenHash: claims(() => ({ ath: undefined })),
    wrongType: header(() => ({ typ: 'JWT' })),
    algNone: altered((draft) => unsigned(overlay(draft.header, { alg: 'none' }), draft.claims)),
    symmetric: altered(symmetric),
    missingKey: header(() => ({ jwk: undefined })),
    privateKey: header(({ key }) => ({ jwk: key.privateKey.export({ format: 'jwk' }) })),
    foreignSignature: altered(async (draft) => signProof({ ...draft, key: await makeDpopKey(draft.key.alg) })),
    tampered: altered(tampered),
    wrongMethod: claims(({ htm }) => ({ htm: htm === 'PATCH' ? 'PUT' : 'PATCH' })),
    wrongUrl: claims(({ htu }) => ({ htu: `${htu}/other` })),
    wrongHost: claims(({ htu }) => ({ htu: String(htu).replace(/\/\/[^/]*/, '//other.example') })),
    wrongTokenHash: claims(() => ({ ath: 'A'.repeat(43) })),
    old: claims(() => ({ iat: maker.nowSeconds() - HOUR_SECONDS })),
    issuedInFuture: claims(() => ({ iat: maker.nowSeconds() + HOUR_SECONDS })),
  });
}

function unsigned(header: JsonObject, claims: JsonObject): string {
  return compact({ header: encodeSegment(header), payload: encodeSegment(claims), signature: '' });
}

function symmetric({ header, claims }: ProofDraft): string {
  const secret = 'a secret that everybody who reads this knows';
  const jwk = { kty: 'oct', k: encodeSegment(secret) };
  const input = unsigned(overlay(header, { alg: 'HS256', jwk }), claims).slice(0, -1);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function tampered(draft: ProofDraft): string {
  const [header = '', , signature = ''] = signProof(draft).split('.');
  const payload = encodeSegment(overlay(draft.claims, { iat: Number(draft.claims['iat']) + 1 }));
  return compact({ header, payload, signature });
}
