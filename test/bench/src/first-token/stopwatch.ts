import { request } from 'node:http';
import { answerParent } from '../measure/child.js';
import { issuers } from '../subjects/issuers/index.js';
import { client, type RunningIssuer, type Start, type Way } from '../subjects/issuers/issuer.js';
import type { Algorithm } from '../subjects/world.js';

/** The issuer to start, and how to get its first token. */
export interface Order {
  readonly subject: string;
  readonly alg: Algorithm;
  readonly way: Way;
}

/** Durations in milliseconds. */
export interface Reading {
  /** Time to load the package; close to 0 when it was loaded before. */
  readonly load: number;
  /** From the call that starts the issuer until the token is available. */
  readonly firstToken: number;
}

answerParent(async ({ subject, alg, way }: Order): Promise<Reading> => {
  const found = issuers.find(({ name }) => name === subject);
  if (found === undefined) throw new Error(`no issuer ${subject}`);
  const began = performance.now();
  const start = await found.load();
  const loaded = performance.now();
  const { issuer, token } = await firstToken(start, alg, way);
  const done = performance.now();
  await assertSigned(token, issuer, alg);
  await issuer.close();
  return { load: loaded - began, firstToken: done - loaded };
});

async function firstToken(start: Start, alg: Algorithm, way: Way): Promise<{ issuer: RunningIssuer; token: string }> {
  const issuer = await start(alg);
  if (way === 'over HTTP') return { issuer, token: await postForm(issuer.tokenEndpoint) };
  if (issuer.mint === undefined) throw new Error('this issuer mints no tokens in process');
  return { issuer, token: await issuer.mint() };
}

/**
 * By node:http, which every subject loads anyway: the first use of `fetch` would add its own load
 * time.
 */
async function postForm(endpoint: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const body = await new Promise<string>((resolve, reject) => {
    const post = request(endpoint, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    post.on('error', reject).end('grant_type=client_credentials');
  });
  const { access_token: token } = JSON.parse(body) as { access_token?: string };
  if (token === undefined) throw new Error(`no token from ${endpoint}: ${body}`);
  return token;
}

/**
 * Verifies that the subject has done the work that is measured.
 *
 * @throws Error unless the token is a JWT with this algorithm, under a key of the issuer
 */
async function assertSigned(token: string, { jwksUri }: RunningIssuer, alg: Algorithm): Promise<void> {
  const { createRemoteJWKSet, jwtVerify } = await import('jose');
  await jwtVerify(token, createRemoteJWKSet(new URL(jwksUri)), { algorithms: [alg] });
}
