import { signJws, withLeadingMember } from '../jws.js';
import { overlay, signDraft } from '../mint.js';
import type { BadToken, Workshop } from './workshop.js';

/** Headers that refuse the token, under a signature that is right (RFC 7515 section 4, RFC 7797 section 7). */
export interface WrongHeaders {
  /** The header has two members `alg`: first `none`, then the right one. */
  readonly duplicateHeader: BadToken;
  /** `crit` names an extension that nobody knows, and the header has it (RFC 7515 section 4.1.11). */
  readonly criticalExtension: BadToken;
  /** `b64` is false and `crit` names it; the signature holds whether or not the verifier heeds it (RFC 7797 section 3). */
  readonly unencodedPayload: BadToken;
}

/** Makes the tokens of {@link WrongHeaders}. */
export function wrongHeaders({ mint }: Workshop): WrongHeaders {
  const withMembers =
    (members: Readonly<Record<string, unknown>>): BadToken =>
    async (request) => {
      const draft = await mint.draft(request);
      return signDraft({ ...draft, header: overlay(draft.header, members) });
    };
  return {
    duplicateHeader: async (request) => {
      const { header, claims, key } = await mint.draft(request);
      return signJws(withLeadingMember(header, 'alg', '"none"'), claims, key);
    },
    criticalExtension: withMembers({
      crit: ['https://extension.example/unheard-of'],
      'https://extension.example/unheard-of': true,
    }),
    // The payload under b64=false is the second segment's own text, and so the bytes to sign are the same in both readings.
    unencodedPayload: withMembers({ crit: ['b64'], b64: false }),
  };
}
