import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audience, bearer, denialOf, verdict } from '../support-network/ask.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let tenants: Tenants;

beforeEach(async () => {
  tenants = await startTenants(1, { audience });
});

afterEach(() => tenants.close());

async function judgedWith(answer: object, serverAudience: string | null): Promise<string> {
  tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), ...answer });
  const server = tenants.serve({ audience: serverAudience });
  return verdict(await server.check(bearer(await tenants.token(0))));
}

describe('the audience of a tenant', () => {
  it("is the server's where the answer names none", async () => {
    expect(await judgedWith({}, audience)).toBe('granted');
    expect(await judgedWith({}, 'https://other.example')).toBe('audience_mismatch');
  });

  it('must be named where every tenant has its own: a forgotten one is not one for everybody', async () => {
    expect(await judgedWith({}, null)).toBe('callback_failed');
    expect(await judgedWith({ audience: undefined }, null)).toBe('callback_failed');
    expect(await judgedWith({ audience }, null)).toBe('granted');
    expect(await judgedWith({ audience: 'https://other.example' }, null)).toBe('audience_mismatch');
    expect(await judgedWith({ audience: null }, null)).toBe('granted');
  });

  it('that is forgotten is named to operators, with the issuer', async () => {
    const server = tenants.serve({ audience: null });
    const { error } = denialOf(await server.check(bearer(await tenants.token(0))));
    expect(error.detail.expected).toContain('issuer.resolve().audience');
    expect(error.detail.found).toContain(tenants.name(0));
  });
});
