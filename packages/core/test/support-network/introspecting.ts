import type { MockIssuer } from '@resource-server/mock-issuer';
import { onTestFinished } from 'vitest';
import type { IntrospectionOptions } from '../../src/options/introspection-options.js';
import type { IssuerOptions } from '../../src/options/issuer-options.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { serverOf } from './ask.js';

interface Parts extends Partial<ResourceServerOptions> {
  /** Options of introspection other than the client authentication. */
  readonly introspection?: Partial<IntrospectionOptions>;
  /** Other options of the issuer. */
  readonly own?: Partial<IssuerOptions>;
}

/** Issuer options for introspection with the client that the mock issuer has from the start. */
export function introspectedAt(
  { issuer, resourceServer }: MockIssuer,
  introspection: Partial<IntrospectionOptions> = {},
  own: Partial<IssuerOptions> = {},
): IssuerOptions {
  return { issuer, introspection: { clientAuthentication: { ...resourceServer }, ...introspection }, ...own };
}

/** A resource server until the end of the test, which introspects tokens of one mock issuer. */
export function introspecting(issuer: MockIssuer, { introspection, own, ...options }: Parts = {}): ResourceServer {
  const server = serverOf(issuer, { issuer: introspectedAt(issuer, introspection, own), ...options });
  onTestFinished(() => server.close());
  return server as ResourceServer;
}
