import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { certify } from '../../../mock-issuer/test/certificate.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { ClientCertificate } from '../../src/model/ports.js';
import { openDoor } from '../support-network/for-one-test.js';
import { secureServer } from '../support-network/secure-server.js';

const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
const identity = certify({ subject: [['CN', 'localhost']], names: [['dns', 'localhost']] });
const [one, two] = ['one', 'two'].map((name) => certify({ subject: [['CN', name]] }));

// The test is about our certificate; that of the server is nobody's.
beforeEach(() => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('RFC 8705 section 2: a certificate of ours', () => {
  it('is shown with the question that it is for, and no connection carries the question of another', async () => {
    const { url, shown } = await secureServer(identity);
    const fetcher = openDoor(new NodeTransport());
    const ask = (certificate?: ClientCertificate) =>
      fetcher.fetchDocument(url, terms, { accept: '*/*', form: 'a=1', ...(certificate && { certificate }) });
    for (const certificate of [one, two, undefined, one, undefined]) await ask(certificate);
    expect(shown).toEqual(['one', 'two', undefined, 'one', undefined]);
  });

  it('is not shown with documents', async () => {
    const { url, shown } = await secureServer(identity);
    const fetcher = openDoor(new NodeTransport());
    await fetcher.fetchDocument(url, terms, { accept: '*/*', form: 'a=1', ...(one && { certificate: one }) });
    await fetcher.fetchDocument(url, terms);
    expect(shown).toEqual(['one', undefined]);
  });
});
