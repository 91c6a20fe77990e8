import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { IssuerOptions } from '../../src/options/issuer-options.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { bearer, jwksOf, offlineServerOf, serverOf, verdict } from '../support-network/ask.js';
import { introspectedAt, introspecting } from '../support-network/introspecting.js';
import { startTenants } from '../support-network/tenants.js';
import { warningsDuring } from '../support-network/watch.js';

let marked: MockIssuer;

beforeEach(async () => {
  marked = await createMockIssuer({ alg: 'ES256', dangerouslyListenOn: '0.0.0.0' });
});

afterEach(() => marked.close());

const warnings = (work: () => Promise<unknown>) => warningsDuring('RS_MOCK_ISSUER', work);

function closing(server: ResourceServer): ResourceServer {
  onTestFinished(() => server.close());
  return server;
}

/** What each token comes to at a server, one after another. */
async function verdicts(server: ResourceServer, ...tokens: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const token of tokens) found.push(verdict(await server.check(bearer(token))));
  return found;
}

describe('RS_MOCK_ISSUER', () => {
  it('D-30: comes when the metadata of an issuer says that it is a mock, and names it', async () => {
    const said = await warnings(() => closing(serverOf(marked)).ready());
    expect(said).toEqual([expect.stringContaining(marked.issuer)]);
  });

  it('D-30: comes when the metadata is read for its introspection endpoint alone', async () => {
    const own = { jwks: jwksOf(marked) };
    const server = introspecting(marked, { own });
    const token = await marked.token({ format: 'opaque' });
    expect(await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']))).toHaveLength(1);
  });

  it('D-30: comes with a token of it where no metadata is read', async () => {
    const issuer: IssuerOptions = { issuer: marked.issuer, jwksUri: marked.jwksUri };
    const server = closing(serverOf(marked, { issuer }));
    expect(await warnings(() => server.ready())).toEqual([]);
    const token = await marked.token();
    const said = await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']));
    expect(said).toEqual([expect.stringContaining(marked.issuer)]);
  });

  it('D-30: comes with a token of its signature that is refused for what it says', async () => {
    const token = await marked.bad.wrongAudience();
    const judge = async () => expect(await verdicts(offlineServerOf(marked), token)).toEqual(['audience_mismatch']);
    expect(await warnings(judge)).toHaveLength(1);
  });

  it('D-30: comes once for an issuer, whatever says it and how often', async () => {
    const server = closing(serverOf(marked, { issuer: introspectedAt(marked) }));
    const tokens = await Promise.all([marked.token(), marked.token(), marked.token({ format: 'opaque' })]);
    const work = async () => {
      await server.ready();
      expect(await verdicts(server, ...tokens, ...tokens)).toEqual(Array(6).fill('granted'));
    };
    expect(await warnings(work)).toHaveLength(1);
  });

  it('D-30: comes for each issuer', async () => {
    const other = await createMockIssuer({ alg: 'ES256', dangerouslyListenOn: '0.0.0.0' });
    onTestFinished(() => other.close());
    const server = closing(serverOf(marked, { issuer: [marked.issuer, other.issuer] }));
    expect(await warnings(() => server.ready())).toEqual(
      expect.arrayContaining([marked, other].map(({ issuer }) => expect.stringContaining(issuer))),
    );
  });

  it('D-30: comes once for a tenant that is asked about again, with other settings', async () => {
    const tenants = await startTenants(1);
    onTestFinished(() => tenants.close());
    const server = tenants.serve({ keys: { maxAgeSeconds: 60 } });
    const judge = async () => verdicts(server, await tenants.token(0, { header: { mock: true } }));
    expect(await warnings(async () => expect(await judge()).toEqual(['granted']))).toHaveLength(1);
    tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), tokenProfile: 'jwt' });
    tenants.issuer(0).clock.advance(61);
    expect(await warnings(async () => expect(await judge()).toEqual(['granted']))).toEqual([]);
    expect(tenants.resolved).toHaveLength(2);
  });

  it('D-30: does not come for a token whose signature is not its own', async () => {
    const server: ResourceServer = offlineServerOf(marked);
    const { bad } = marked;
    const forged = await Promise.all([bad.foreignSignature(), bad.unknownKey(), bad.tampered(), bad.algNone()]);
    const refused = ['signature_invalid', 'key_unknown', 'signature_invalid', 'algorithm_refused'];
    expect(await warnings(async () => expect(await verdicts(server, ...forged)).toEqual(refused))).toEqual([]);
    const token = await marked.token();
    expect(await warnings(() => verdicts(server, token))).toHaveLength(1);
  });

  it('D-30: does not come for the token of an issuer that is not trusted', async () => {
    const quiet = await createMockIssuer({ alg: 'ES256' });
    onTestFinished(() => quiet.close());
    const token = await marked.token();
    const judge = async () => expect(await verdicts(offlineServerOf(quiet), token)).toEqual(['issuer_untrusted']);
    expect(await warnings(judge)).toEqual([]);
  });

  it.each([undefined, false, 'true', 1])('D-30: does not come on loopback, nor where mock is %j', async (mock) => {
    const quiet = await createMockIssuer({ alg: 'ES256' });
    onTestFinished(() => quiet.close());
    const server = closing(serverOf(quiet));
    const token = await quiet.token({ header: { mock } });
    expect(await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']))).toEqual([]);
  });
});
