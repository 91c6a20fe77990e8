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

/** The verdict on each token, one after another. */
async function verdicts(server: ResourceServer, ...tokens: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const token of tokens) found.push(verdict(await server.check(bearer(token))));
  return found;
}

describe('RS_MOCK_ISSUER', () => {
  it('RS_MOCK_ISSUER names an issuer whose metadata states that it is a mock (D-30)', async () => {
    const messages = await warnings(() => closing(serverOf(marked)).ready());
    expect(messages).toEqual([expect.stringContaining(marked.issuer)]);
  });

  it('RS_MOCK_ISSUER is emitted when metadata is read for introspection alone (D-30)', async () => {
    const own = { jwks: jwksOf(marked) };
    const server = introspecting(marked, { own });
    const token = await marked.token({ format: 'opaque' });
    expect(await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']))).toHaveLength(1);
  });

  it('RS_MOCK_ISSUER is emitted for a token of a mock if no metadata is read (D-30)', async () => {
    const issuer: IssuerOptions = { issuer: marked.issuer, jwksUri: marked.jwksUri };
    const server = closing(serverOf(marked, { issuer }));
    expect(await warnings(() => server.ready())).toEqual([]);
    const token = await marked.token();
    const messages = await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']));
    expect(messages).toEqual([expect.stringContaining(marked.issuer)]);
  });

  it('RS_MOCK_ISSUER is emitted for a signed token of a mock with refused claims (D-30)', async () => {
    const token = await marked.bad.wrongAudience();
    const check = async () => expect(await verdicts(offlineServerOf(marked), token)).toEqual(['audience_mismatch']);
    expect(await warnings(check)).toHaveLength(1);
  });

  it('RS_MOCK_ISSUER is emitted once for an issuer, from metadata and tokens together (D-30)', async () => {
    const server = closing(serverOf(marked, { issuer: introspectedAt(marked) }));
    const tokens = await Promise.all([marked.token(), marked.token(), marked.token({ format: 'opaque' })]);
    const work = async () => {
      await server.ready();
      expect(await verdicts(server, ...tokens, ...tokens)).toEqual(Array(6).fill('granted'));
    };
    expect(await warnings(work)).toHaveLength(1);
  });

  it('RS_MOCK_ISSUER is emitted for each mock issuer (D-30)', async () => {
    const other = await createMockIssuer({ alg: 'ES256', dangerouslyListenOn: '0.0.0.0' });
    onTestFinished(() => other.close());
    const server = closing(serverOf(marked, { issuer: [marked.issuer, other.issuer] }));
    expect(await warnings(() => server.ready())).toEqual(
      expect.arrayContaining([marked, other].map(({ issuer }) => expect.stringContaining(issuer))),
    );
  });

  it('RS_MOCK_ISSUER is emitted once for a tenant that is resolved again (D-30)', async () => {
    const tenants = await startTenants(1);
    onTestFinished(() => tenants.close());
    const server = tenants.serve({ keys: { maxAgeSeconds: 60 } });
    const check = async () => verdicts(server, await tenants.token(0, { header: { mock: true } }));
    expect(await warnings(async () => expect(await check()).toEqual(['granted']))).toHaveLength(1);
    tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), tokenProfile: 'jwt' });
    tenants.issuer(0).clock.advance(61);
    expect(await warnings(async () => expect(await check()).toEqual(['granted']))).toEqual([]);
    expect(tenants.resolved).toHaveLength(2);
  });

  it('RS_MOCK_ISSUER is not emitted for a token with an invalid signature (D-30)', async () => {
    const server: ResourceServer = offlineServerOf(marked);
    const { bad } = marked;
    const forged = await Promise.all([bad.foreignSignature(), bad.unknownKey(), bad.tampered(), bad.algNone()]);
    const refused = ['signature_invalid', 'key_unknown', 'signature_invalid', 'algorithm_refused'];
    expect(await warnings(async () => expect(await verdicts(server, ...forged)).toEqual(refused))).toEqual([]);
    const token = await marked.token();
    expect(await warnings(() => verdicts(server, token))).toHaveLength(1);
  });

  it('RS_MOCK_ISSUER is not emitted for a token of an untrusted issuer (D-30)', async () => {
    const quiet = await createMockIssuer({ alg: 'ES256' });
    onTestFinished(() => quiet.close());
    const token = await marked.token();
    const check = async () => expect(await verdicts(offlineServerOf(quiet), token)).toEqual(['issuer_untrusted']);
    expect(await warnings(check)).toEqual([]);
  });

  it.each([undefined, false, 'true', 1])(
    'RS_MOCK_ISSUER is not emitted on loopback with mock %j in the token (D-30)',
    async (mock) => {
      const quiet = await createMockIssuer({ alg: 'ES256' });
      onTestFinished(() => quiet.close());
      const server = closing(serverOf(quiet));
      const token = await quiet.token({ header: { mock } });
      expect(await warnings(async () => expect(await verdicts(server, token)).toEqual(['granted']))).toEqual([]);
    },
  );
});
