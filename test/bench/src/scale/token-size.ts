import { costStudy, issuer, serverWith } from './cost-study.js';
import { Signer } from './signer.js';
import type { Study } from './study.js';

/** Tokens of 0.5 to 8 KB. */
export const tokenSize: Study = costStudy({
  name: 'token-size',
  title: 'Size of a token',
  what: 'Tokens that are padded to this number of bytes with a claim that lists short group names. 64 in flight.',
  x: { label: 'bytes of the token', scale: 'linear' },
  steps: [512, 1024, 2048, 4096, 6144, 8192],
  briefSteps: [512, 8192],
  chartTitle: 'Cost of a request by the size of its token',
  prepare(bytes) {
    const signer = new Signer(issuer);
    const groups = groupsFor(signer, bytes);
    return { server: serverWith([signer]), token: () => signer.token({ groups }) };
  },
});

/** As many group names as fit into the size. */
function groupsFor(signer: Signer, bytes: number): string[] {
  const empty = signer.token({ groups: [] }).length;
  // A name of nine characters, its quotes and its comma are sixteen characters in base64url.
  return Array.from(
    { length: Math.max(0, Math.floor((bytes - empty) / 16)) },
    (_, at) => `group-${String(at).padStart(3, '0')}`,
  );
}
