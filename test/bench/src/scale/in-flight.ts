import { costStudy, issuer, serverWith } from './cost-study.js';
import { Signer } from './signer.js';
import type { Study } from './study.js';

/** 1 to 1,024 concurrent validations. */
export const inFlight: Study = costStudy({
  name: 'in-flight',
  title: 'Requests in flight',
  what: 'This number of checks runs concurrently; each lane starts its next check when the previous one has a decision.',
  x: { label: 'checks in flight', scale: 'log' },
  steps: [1, 4, 16, 64, 256, 1024],
  briefSteps: [1, 64],
  chartTitle: 'Cost of a request by the requests in flight',
  prepare(lanes) {
    const signer = new Signer(issuer);
    return { server: serverWith([signer]), token: () => signer.token(), inFlight: lanes };
  },
});
