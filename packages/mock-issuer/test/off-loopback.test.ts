import { expect, test } from 'vitest';
import { headerOf, startIssuer } from './referee.js';

const metadataOf = async (issuer: string) => (await fetch(`${issuer}/.well-known/openid-configuration`)).json();

test('D-30: off loopback tokens carry mock in their header and metadata says mock_issuer', async () => {
  const issuer = await startIssuer({ dangerouslyListenOn: '0.0.0.0' });
  expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(headerOf(await issuer.token())).toMatchObject({ mock: true });
  expect(headerOf(await issuer.bad.expired())).toMatchObject({ mock: true });
  expect(await metadataOf(issuer.issuer)).toMatchObject({ mock_issuer: true });
  // Another address of this machine: it does listen on all of them.
  expect((await fetch(issuer.jwksUri.replace('127.0.0.1', '127.0.0.2'))).status).toBe(200);
});

test.each([undefined, '127.0.0.3'])('D-30: on loopback, %s, nothing is marked', async (address) => {
  const issuer = await startIssuer(address === undefined ? {} : { dangerouslyListenOn: address });
  expect(new URL(issuer.issuer).hostname).toBe(address ?? '127.0.0.1');
  expect(headerOf(await issuer.token())).not.toHaveProperty('mock');
  expect(await metadataOf(issuer.issuer)).not.toHaveProperty('mock_issuer');
});
