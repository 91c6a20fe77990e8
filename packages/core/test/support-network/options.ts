import { ConfigurationError } from '../../src/errors.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer } from '../../src/resource-server.js';

export const good: ResourceServerOptions = { issuer: 'https://as.example', audience: 'https://api.example' };

/** Creates a server from options that the compiler has not checked, on top of the good ones. */
export function create(options: Readonly<Record<string, unknown>> = {}): unknown {
  return createResourceServer({ ...good, ...options } as unknown as ResourceServerOptions);
}

/** The same, with these options of the issuer. */
export function createWithIssuer(issuer: Readonly<Record<string, unknown>>): unknown {
  return create({ issuer: { issuer: 'https://as.example', ...issuer } });
}

/**
 * The option that a ConfigurationError names, in `option` and in its message; `undefined` if
 * nothing is thrown.
 */
export function refusedOption(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (failure) {
    if (!(failure instanceof ConfigurationError)) throw failure;
    if (!failure.message.startsWith(`${failure.option}: `)) throw new Error(`does not begin so: ${failure.message}`);
    return failure.option;
  }
}
