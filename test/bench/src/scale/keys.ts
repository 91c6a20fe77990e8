import { costStudy, issuer, serverWith } from './cost-study.js';
import { Signer } from './signer.js';
import type { Study } from './study.js';

/** 1 to 1,000 keys in one set. */
export const keys: Study = costStudy({
  name: 'keys',
  title: 'Keys in a set',
  what: 'One issuer with a static `jwks` of this number of ES256 keys; up to 100 of them sign tokens, in rotation. 64 in flight.',
  x: { label: 'keys in the set', scale: 'log' },
  steps: [1, 10, 100, 1000],
  briefSteps: [1, 10],
  chartTitle: 'Cost of a request by the keys in a set',
  prepare(count) {
    const signers = Array.from({ length: count }, () => new Signer(issuer));
    const inUse = signers.filter((_, at) => at % Math.ceil(count / 100) === 0);
    return { server: serverWith(signers), token: (at) => inUse[at % inUse.length]?.token() ?? '' };
  },
});
