import { createResourceServer } from '@resource-server/core';
import { costOf } from './cost.js';
import { audience, Signer } from './signer.js';
import { costChart, costColumns, type Study } from './study.js';

/** 1 to 1,000 keys in one set. */
export const keys: Study = {
  name: 'keys',
  title: 'Keys in a set',
  what: 'One issuer whose set, given as `jwks`, has so many ES256 keys; tokens are signed by up to 100 of them in turn. 64 in flight.',
  x: { label: 'keys in the set', scale: 'log' },
  steps: [1, 10, 100, 1000],
  briefSteps: [1, 10],
  rounds: 3,
  columns: costColumns,
  charts: [costChart('scale-keys.svg', 'Cost of a request by the keys in a set')],
  async measure(count, brief) {
    const issuer = 'https://login.example.com';
    const signers = Array.from({ length: count }, () => new Signer(issuer));
    const jwks = { keys: signers.map(({ publicJwk }) => publicJwk) };
    const server = createResourceServer({ issuer: { issuer, jwks }, audience });
    const inUse = signers.filter((_, at) => at % Math.ceil(count / 100) === 0);
    const token = (at: number): string => inUse[at % inUse.length]?.token() ?? '';
    return [{ x: count, values: await costOf(server, token, { brief }) }];
  },
};
