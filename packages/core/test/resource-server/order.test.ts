import { createMockIssuer, type MockIssuer, type TokenRequest } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandardSchema } from '../../src/model/standard-schema.js';
import { allOf, scope, where } from '../../src/policy/policies.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { anonymous, bearer, serverOf, verdict } from '../support-network/ask.js';

/** Accepts claims whose `tenant` is a string. */
const schema: StandardSchema<unknown> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof Object(value).tenant === 'string' ? { value } : { issues: [{ message: 'tenant: a string' }] },
  },
};
const policy = allOf(
  scope('write'),
  where('never', () => false),
);

let issuer: MockIssuer;
let server: ResourceServer<unknown>;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  server = serverOf(issuer, { claims: schema });
});

afterAll(async () => {
  await server.close();
  await issuer.close();
});

const past = 1000;
const future = 99_999_999_999;

/** Every fault that claims can have, in the order of the checks. */
const claimFaults: readonly (readonly [code: string, claims: Readonly<Record<string, unknown>>])[] = [
  ['claim_missing', { jti: undefined }],
  ['claim_malformed', { sub: 7 }],
  ['audience_mismatch', { aud: 'https://other.example' }],
  ['token_expired', { exp: past }],
  ['token_not_yet_valid', { nbf: future }],
  ['binding_unsupported', { cnf: { jkt: 'x' } }],
  ['claims_refused', { tenant: 7 }],
];

/** A token with the faults from index `first` on, and without the required scope. */
function faultyFrom(first: number, header: TokenRequest['header'] = {}): TokenRequest {
  const faults = claimFaults.slice(first).map(([, claims]) => claims);
  return { header, claims: Object.assign({ tenant: 'a' }, ...faults) };
}

async function verdictOn(token: string): Promise<string> {
  return verdict(await server.check(bearer(token), { policy }));
}

describe('the order of the checks for a token with several faults (D-10)', () => {
  it.each(claimFaults.map(([code], at) => [code, at] as const))(
    '%s is reported before all later faults (D-10)',
    async (code, at) => {
      expect(await verdictOn(await issuer.token(faultyFrom(at)))).toBe(code);
    },
  );

  it('a missing scope is reported before a where condition, and all other faults before both (D-10)', async () => {
    const { claims = {} } = faultyFrom(claimFaults.length);
    expect(await verdictOn(await issuer.token({ claims }))).toBe('scope_insufficient');
    expect(await verdictOn(await issuer.token({ claims, scope: 'write' }))).toBe('claim_insufficient');
    const decision = await server.check(bearer(await issuer.token({ claims, scope: 'write' })), {
      policy: scope('write'),
    });
    expect(verdict(decision)).toBe('granted');
  });

  it('the type is checked before the claims (D-10)', async () => {
    expect(await verdictOn(await issuer.token(faultyFrom(0, { typ: 'dpop+jwt' })))).toBe('type_refused');
  });

  it('the signature is checked before type and claims (D-10)', async () => {
    const request = faultyFrom(0, { typ: 'dpop+jwt' });
    expect(await verdictOn(await issuer.bad.foreignSignature(request))).toBe('signature_invalid');
    expect(await verdictOn(await issuer.bad.unknownKey(request))).toBe('key_unknown');
  });

  it('the algorithm is checked before the key (D-10)', async () => {
    expect(await verdictOn(await issuer.token(faultyFrom(0, { alg: 'none', kid: 'unknown' })))).toBe(
      'algorithm_refused',
    );
    expect(await verdictOn(await issuer.token(faultyFrom(0, { alg: 'HS256', kid: 'unknown' })))).toBe(
      'algorithm_refused',
    );
  });

  it('the issuer is checked before the algorithm (D-10)', async () => {
    const { claims = {} } = faultyFrom(0);
    const request = { header: { alg: 'none', kid: 'unknown' }, claims: { ...claims, iss: 'https://evil.example' } };
    expect(await verdictOn(await issuer.token(request))).toBe('issuer_untrusted');
  });

  it('the structure of the token is checked before its issuer (D-10)', async () => {
    const { claims = {} } = faultyFrom(0);
    const evil = { ...claims, iss: 'https://evil.example' };
    expect(await verdictOn(await issuer.token({ header: { alg: 'none', crit: ['exp'] }, claims: evil }))).toBe(
      'token_malformed',
    );
    expect(await verdictOn(await issuer.bad.opaque())).toBe('token_opaque');
    expect(await verdictOn(`${'a'.repeat(8193)}`)).toBe('token_too_large');
  });

  it('the credential is checked before the token (D-10)', async () => {
    const token = await issuer.token(faultyFrom(0));
    const bad = ['Authorization', 'Bearer a b'];
    const elsewhere = `/?access_token=${token}`;
    const codes = await Promise.all(
      [
        anonymous({ url: elsewhere, rawHeaders: [...bad, ...bad] }),
        anonymous({ url: elsewhere, rawHeaders: bad }),
        anonymous({ rawHeaders: bad }),
        anonymous(),
      ].map(async (request) => verdict(await server.check(request, { policy }))),
    );
    expect(codes).toEqual(['credentials_repeated', 'token_elsewhere', 'credentials_malformed', 'credentials_missing']);
  });
});

describe('refusals without network access', () => {
  it('malformed tokens, unknown issuers and refused algorithms cause no network request', async () => {
    const cold = serverOf(issuer);
    issuer.requests.reset();
    const tokens = await Promise.all([
      issuer.bad.opaque(),
      issuer.bad.oversized(),
      issuer.bad.criticalExtension(),
      issuer.bad.wrongIssuer(),
      issuer.bad.lookalikeIssuer(),
      issuer.bad.algNone(),
      issuer.bad.hmacWithPublicKey(),
    ]);
    for (const token of tokens) expect(verdict(await cold.check(bearer(token)))).not.toBe('granted');
    expect([issuer.requests.count('discovery'), issuer.requests.count('jwks')]).toEqual([0, 0]);
    expect(verdict(await cold.check(bearer(await issuer.token())))).toBe('granted');
    expect([issuer.requests.count('discovery'), issuer.requests.count('jwks')]).toEqual([2, 1]);
    await cold.close();
  });
});
