import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createResourceServer } from '../../src/resource-server.js';
import { audience } from '../support-network/ask.js';
import { makeJwk } from '../support-network/keys.js';
import { scriptedFetch } from '../support-network/scripted-fetch.js';

const jwks = { keys: [makeJwk('P-256', { kid: 'k' })] };
const names = Array.from({ length: 200 }, (_, at) => `https://tenant-${at}.example`);

/**
 * Serves the documents of every issuer after one turn of the event loop. `failing` has the issuers
 * that answer 500, with the number of turns before that.
 */
function network(failing: ReadonlyMap<string, number> = new Map()) {
  const inFlight = new Set<string>();
  let most = 0;
  const scripted = scriptedFetch(async (url) => {
    const { origin, pathname } = new URL(url);
    inFlight.add(origin);
    most = Math.max(most, inFlight.size);
    await nextTurn();
    const turns = failing.get(origin);
    if (turns !== undefined) {
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      return new Response('', { status: 500 });
    }
    if (pathname !== '/jwks') return Response.json({ issuer: origin, jwks_uri: `${origin}/jwks` });
    inFlight.delete(origin);
    return Response.json(jwks);
  });
  return {
    ...scripted,
    get most() {
      return most;
    },
  };
}

describe('ready() of 200 issuers', () => {
  it('ready() fetches from at most 32 issuers at a time, and in the end from all', async () => {
    const serving = network();
    const server = createResourceServer({ issuer: names, audience, fetch: serving.fetch });
    await expect(server.ready()).resolves.toBeUndefined();
    expect(serving.most).toBe(32);
    expect(server.status().issuers.map(({ issuer, keys }) => [issuer, keys])).toEqual(
      names.map((one) => [one, 'fresh']),
    );
    await server.close();
  });

  it('ready() rejects with the first refusal in the order of the options (D-08)', async () => {
    const failing = new Map([
      [names[150] ?? '', 0],
      [names[23] ?? '', 300],
      [names[57] ?? '', 0],
    ]);
    const serving = network(failing);
    const server = createResourceServer({ issuer: names, audience, fetch: serving.fetch });
    const failure = await server.ready().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'keys_unavailable', status: 503 });
    expect((failure as { detail: { expected: string } }).detail.expected).toContain(`${names[23]}/`);
    const without = server.status().issuers.filter(({ keys }) => keys === 'none');
    expect(without.map(({ issuer }) => issuer)).toEqual([names[23], names[57], names[150]]);
    await server.close();
  });
});
