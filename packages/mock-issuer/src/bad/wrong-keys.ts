import { createHmac } from 'node:crypto';
import { compact, encodeSegment } from '../jws.js';
import { overlay, signDraft } from '../mint.js';
import { randomKid } from '../signing-key.js';
import type { BadToken, Workshop } from './workshop.js';

/** Tokens whose key is not the one our JWKS has for them (RFC 8725 sections 3.1 and 3.10, RFC 7515 section 4.1). */
export interface WrongKeys {
  /** A kid of its own, another at each call, and signed by a key that was never published. */
  readonly unknownKey: BadToken;
  /** A kid nobody has, another at each call, but signed by our key. */
  readonly forgedKid: BadToken;
  /** Our kid, signed by a key that is not ours. */
  readonly foreignSignature: BadToken;
  /** `alg` HS256 and our kid, the HMAC keyed with the PEM text of our public key. */
  readonly hmacWithPublicKey: BadToken;
  /** Our kid, signed by an attacker's key that travels in the header as `jwk`. */
  readonly embeddedKey: BadToken;
  /** Our kid, signed by an attacker's key that is found where the header's `jku` points: a decoy of this issuer, counted under `decoy`. */
  readonly remoteKey: BadToken;
}

/** Makes the tokens of {@link WrongKeys}. */
export function wrongKeys({ mint, attacker, attackerJwksUri }: Workshop): WrongKeys {
  const { random } = mint.settings;
  return {
    unknownKey: async (request) => {
      const draft = await mint.draft(request);
      const key = await attacker.signingKey(draft.key.alg);
      return signDraft({ ...draft, header: overlay(draft.header, { kid: randomKid(key.alg, random) }), key });
    },
    forgedKid: async (request) => {
      const draft = await mint.draft(request);
      return signDraft({ ...draft, header: overlay(draft.header, { kid: randomKid(draft.key.alg, random) }) });
    },
    foreignSignature: async (request) => {
      const draft = await mint.draft(request);
      return signDraft({ ...draft, key: await attacker.signingKey(draft.key.alg) });
    },
    hmacWithPublicKey: async (request) => {
      const draft = await mint.draft(request);
      const header = encodeSegment(overlay(draft.header, { alg: 'HS256' }));
      const payload = encodeSegment(draft.claims);
      const pem = draft.key.publicKey.export({ format: 'pem', type: 'spki' });
      const signature = createHmac('sha256', pem).update(`${header}.${payload}`).digest('base64url');
      return compact({ header, payload, signature });
    },
    embeddedKey: async (request) => {
      const draft = await mint.draft(request);
      const key = await attacker.signingKey(draft.key.alg);
      const { kid: _attackersOwn, ...jwk } = key.publicJwk;
      return signDraft({ ...draft, header: overlay(draft.header, { jwk }), key });
    },
    remoteKey: async (request) => {
      const draft = await mint.draft(request);
      const key = await attacker.signingKey(draft.key.alg);
      return signDraft({ ...draft, header: overlay(draft.header, { jku: attackerJwksUri }), key });
    },
  };
}
