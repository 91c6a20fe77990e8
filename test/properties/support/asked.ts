import type { MockIssuer } from '@resource-server/mock-issuer';
import fc from 'fast-check';
import type { CheckOptions } from '../../../packages/core/src/check-options.js';
import type { Decision } from '../../../packages/core/src/model/decision.js';
import { scope, where } from '../../../packages/core/src/policy/policies.js';
import type { ResourceServer } from '../../../packages/core/src/resource-server.js';
import { vandalise } from './vandalism.js';

type Tokens = Readonly<Record<string, string>>;

/**
 * Tokens by name: valid ones with several scopes, every invalid one of the mock issuer, and ones
 * with forged kids. All have `iss` as their issuer, except those about the issuer.
 */
export async function everyToken(issuer: MockIssuer, iss: string): Promise<Tokens> {
  const claims = { iss };
  const lasting = { claims, expiresInSeconds: 86_400 };
  const badNames = Object.keys(issuer.bad).filter((name) => !['missingClaim', 'mistypedClaim'].includes(name));
  return {
    good: await issuer.token({ ...lasting, scope: 'read' }),
    admin: await issuer.token({ ...lasting, scope: 'read write admin', subject: 'root' }),
    scopeless: await issuer.token({ ...lasting }),
    shortLived: await issuer.token({ claims, scope: 'read', expiresInSeconds: 60 }),
    nested: await issuer.token({ ...lasting, claims: { ...claims, tenant: { name: 'blue', groups: ['a', 'b'] } } }),
    wide: await issuer.token({
      ...lasting,
      audience: ['https://api.example.com', 'https://other.example'],
      scope: 'read',
    }),
    unknownIssuer: await issuer.token({ ...lasting, claims: { iss: 'https://unknown.example' } }),
    prototype: await issuer.token({ ...lasting, claims: { iss: '__proto__' } }),
    missing: await issuer.bad.missingClaim('sub', { claims }),
    mistyped: await issuer.bad.mistypedClaim('exp', 'soon', { claims }),
    ...Object.fromEntries(
      await Promise.all(badNames.map(async (name) => [name, await issuer.bad[name as 'expired']({ claims })] as const)),
    ),
    ...Object.fromEntries(
      await Promise.all(
        Array.from({ length: 6 }, async (_, at) => {
          return [`forged ${at}`, await issuer.token({ ...lasting, header: { kid: `forged-${at}` } })] as const;
        }),
      ),
    ),
  };
}

/** A request as data. */
export interface SampleRequest {
  readonly authorization: readonly string[];
  readonly url: string;
  readonly policy: 'none' | 'read' | 'write' | 'throws' | 'own';
  readonly isOptional: boolean;
}

const policies: Readonly<Record<SampleRequest['policy'], CheckOptions>> = {
  none: {},
  read: { policy: scope('read') },
  write: { policy: scope('write', 'admin') },
  throws: {
    policy: where('throws', () => {
      throw new Error('the condition failed');
    }),
  },
  // A condition receives the accepted `Auth`, as a handler does, and may try to change it.
  own: {
    policy: where('tampers', (auth) => {
      vandalise(auth);
      return true;
    }),
  },
};

/** Requests with these tokens, or with other Authorization values. */
export function requestsWith(token: Tokens): fc.Arbitrary<SampleRequest> {
  const bearer = (all: readonly string[]) => fc.constantFrom(...all).map((one) => [`Bearer ${one}`]);
  // Accepted tokens, which are cached, occur more often than others.
  const good = ['good', 'admin', 'scopeless', 'shortLived', 'nested', 'wide'].map((name) => token[name] ?? '');
  const authorization = fc.oneof(
    { weight: 6, arbitrary: bearer(Object.values(token)) },
    { weight: 7, arbitrary: bearer(good) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<readonly string[]>(
        [],
        ['Basic YTpi'],
        ['Bearer'],
        ['Bearer a b'],
        [`Bearer ${token['good']}`, `Bearer ${token['admin']}`],
        [`bearer ${token['good']}`],
        [`Bearer ${token['good']}x`],
      ),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 40 }).map((text) => [`Bearer ${text}`]) },
  );

  return fc.record({
    authorization,
    url: fc.oneof(
      { weight: 6, arbitrary: fc.constant('/') },
      { weight: 1, arbitrary: fc.constantFrom('/?access_token=x', `/?access_token=${token['good']}`, '/?%zz', '*') },
    ),
    policy: fc.constantFrom<SampleRequest['policy']>('none', 'none', 'read', 'write', 'throws', 'own'),
    isOptional: fc.boolean(),
  });
}

/** The decision of a server on the request. */
export function decide(
  server: ResourceServer,
  { authorization: lines, url, policy, isOptional }: SampleRequest,
): Promise<Decision> {
  const rawHeaders = lines.flatMap((line) => ['Authorization', line]);
  return server.check(
    { method: 'GET', url, rawHeaders },
    { ...policies[policy], ...(isOptional && { credentials: 'optional' }) },
  );
}
