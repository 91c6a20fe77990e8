import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { certify } from '../../../mock-issuer/test/certificate.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { ClientCertificate } from '../../src/model/ports.js';
import { openFetcher } from '../support-network/for-one-test.js';
import { secureServer } from '../support-network/secure-server.js';

const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const identity = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
const [one, two] = ['one', 'two'].map((name) => certify({ subject: [['CN', name]] }));

// These tests are about the client certificate, so the server certificate is not checked.
beforeEach(() => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('client certificate of the fetcher (RFC 8705 section 2)', () => {
  it('each request uses its own client certificate, and no connection is shared between certificates', async () => {
    const { url, shown } = await secureServer(identity);
    const fetcher = openFetcher(new NodeTransport());
    const post = (certificate?: ClientCertificate) =>
      fetcher.fetchDocument(url, terms, { accept: '*/*', form: 'a=1', ...(certificate && { certificate }) });
    for (const certificate of [one, two, undefined, one, undefined]) await post(certificate);
    expect(shown).toEqual(['one', 'two', undefined, 'one', undefined]);
  });

  it('a client certificate is not sent with document requests', async () => {
    const { url, shown } = await secureServer(identity);
    const fetcher = openFetcher(new NodeTransport());
    await fetcher.fetchDocument(url, terms, { accept: '*/*', form: 'a=1', ...(one && { certificate: one }) });
    await fetcher.fetchDocument(url, terms);
    expect(shown).toEqual(['one', undefined]);
  });
});
