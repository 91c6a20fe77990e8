import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../measure/child.js';

/**
 * A message to the issuer farm: listen, or serve these sets as `/t/0/jwks`, `/t/1/jwks` and so on.
 */
export type FarmOrder = { readonly listen: true } | { readonly sets: readonly string[] };

const sets: string[] = [];

/**
 * Serves the key sets of thousands of issuers, in its own process: its memory and CPU are not
 * counted.
 */
const server = createServer((request, response) => {
  const index = /^\/t\/(\d+)\/jwks$/.exec(request.url ?? '')?.[1];
  const set = index === undefined ? undefined : sets[Number(index)];
  response.writeHead(set === undefined ? 404 : 200, { 'content-type': 'application/jwk-set+json' });
  response.end(set ?? '{}');
});

answerParent((order: FarmOrder): Promise<number> | number => {
  if ('sets' in order) return sets.push(...order.sets);
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
});
