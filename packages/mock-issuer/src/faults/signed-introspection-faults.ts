import { compact, encodeSegment } from '../jws.js';
import { type Draft, overlay, signDraft } from '../mint.js';
import type { SigningKey } from '../signing-key.js';
import type { IntrospectionFault } from './kinds.js';

/** Signs an answer as the fault has it; `foreignKey` gives a key that is not ours. */
export async function signDistorted(
  answer: Draft,
  fault: IntrospectionFault | undefined,
  foreignKey: () => Promise<SigningKey>,
): Promise<string> {
  const { header, claims } = answer;
  switch (fault) {
    case 'wrongTyp':
      return signDraft({ ...answer, header: overlay(header, { typ: 'JWT' }) });
    case 'wrongIssuer':
      return signDraft({ ...answer, claims: overlay(claims, { iss: 'https://other.example' }) });
    case 'wrongAudience':
      return signDraft({ ...answer, claims: overlay(claims, { aud: 'https://other-api.example' }) });
    case 'badSignature':
      return signDraft({ ...answer, key: await foreignKey() });
    case 'unsignedAlgNone':
      return compact({
        header: encodeSegment(overlay(header, { alg: 'none' })),
        payload: encodeSegment(claims),
        signature: '',
      });
    default:
      return signDraft(answer);
  }
}
