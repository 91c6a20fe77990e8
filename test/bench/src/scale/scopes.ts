import { createResourceServer, scope } from '@resource-server/core';
import { costOf } from './cost.js';
import { audience, Signer } from './signer.js';
import { costChart, costColumns, type Study } from './study.js';

/** 1 to 1,000 scopes in a token. */
export const scopes: Study = {
  name: 'scopes',
  title: 'Scopes in a token',
  what: 'Tokens with so many scopes of eight characters; the route asks for the last one. `maxTokenBytes` 65536. 64 in flight.',
  x: { label: 'scopes in the token', scale: 'log' },
  steps: [1, 10, 100, 1000],
  briefSteps: [1, 10],
  rounds: 3,
  columns: costColumns,
  charts: [costChart('scale-scopes.svg', 'Cost of a request by the scopes in its token')],
  async measure(count, brief) {
    const signer = new Signer('https://login.example.com');
    const jwks = { keys: [signer.publicJwk] };
    const server = createResourceServer({ issuer: { issuer: signer.issuer, jwks }, audience, maxTokenBytes: 65_536 });
    const names = Array.from({ length: count }, (_, at) => `scope${String(at).padStart(3, '0')}`);
    const options = { policy: scope(names.at(-1) ?? '') };
    const token = (): string => signer.token({ scope: names.join(' ') });
    return [{ x: count, values: await costOf(server, token, { brief, options }) }];
  },
};
