import { scope } from '@resource-server/core';
import { costStudy, issuer, serverWith } from './cost-study.js';
import { Signer } from './signer.js';
import type { Study } from './study.js';

/** 1 to 1,000 scopes in a token. */
export const scopes: Study = costStudy({
  name: 'scopes',
  title: 'Scopes in a token',
  what: 'Tokens with this number of scopes of eight characters; the policy of the route requires the last one. `maxTokenBytes` is 65536. 64 in flight.',
  x: { label: 'scopes in the token', scale: 'log' },
  steps: [1, 10, 100, 1000],
  briefSteps: [1, 10],
  chartTitle: 'Cost of a request by the scopes in its token',
  prepare(count) {
    const signer = new Signer(issuer);
    const names = Array.from({ length: count }, (_, at) => `scope${String(at).padStart(3, '0')}`);
    return {
      server: serverWith([signer], { maxTokenBytes: 65_536 }),
      token: () => signer.token({ scope: names.join(' ') }),
      options: { policy: scope(names.at(-1) ?? '') },
    };
  },
});
