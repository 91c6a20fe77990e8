import { createResourceServer } from '@resource-server/core';
import { costOf } from './cost.js';
import { audience, Signer } from './signer.js';
import { costChart, costColumns, type Study } from './study.js';

/** 1 to 1,024 validations at once. */
export const inFlight: Study = {
  name: 'in-flight',
  title: 'Requests in flight',
  what: 'So many checks at once, each lane beginning the next one when its own is decided.',
  x: { label: 'checks in flight', scale: 'log' },
  steps: [1, 4, 16, 64, 256, 1024],
  briefSteps: [1, 64],
  rounds: 3,
  columns: costColumns,
  charts: [costChart('scale-in-flight.svg', 'Cost of a request by the requests in flight')],
  async measure(lanes, brief) {
    const signer = new Signer('https://login.example.com');
    const jwks = { keys: [signer.publicJwk] };
    const server = createResourceServer({ issuer: { issuer: signer.issuer, jwks }, audience });
    return [{ x: lanes, values: await costOf(server, () => signer.token(), { brief, inFlight: lanes }) }];
  },
};
