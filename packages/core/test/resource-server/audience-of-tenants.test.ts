import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audience, bearer, denialOf, verdict } from '../support-network/ask.js';
import { startTenants, type Tenants } from '../support-network/tenants.js';

let tenants: Tenants;

beforeEach(async () => {
  tenants = await startTenants(1, { audience });
});

afterEach(() => tenants.close());

async function verdictWith(answer: object, serverAudience: string | null): Promise<string> {
  tenants.answers.set(tenants.name(0), { issuer: tenants.name(0), ...answer });
  const server = tenants.serve({ audience: serverAudience });
  return verdict(await server.check(bearer(await tenants.token(0))));
}

describe('the audience of a tenant', () => {
  it('the audience of a tenant is by default the audience of the server', async () => {
    expect(await verdictWith({}, audience)).toBe('granted');
    expect(await verdictWith({}, 'https://other.example')).toBe('audience_mismatch');
  });

  it('with audience null on the server, every tenant must name its own audience', async () => {
    expect(await verdictWith({}, null)).toBe('callback_failed');
    expect(await verdictWith({ audience: undefined }, null)).toBe('callback_failed');
    expect(await verdictWith({ audience }, null)).toBe('granted');
    expect(await verdictWith({ audience: 'https://other.example' }, null)).toBe('audience_mismatch');
    expect(await verdictWith({ audience: null }, null)).toBe('granted');
  });

  it('the refusal for a tenant without audience names the option and the issuer', async () => {
    const server = tenants.serve({ audience: null });
    const { error } = denialOf(await server.check(bearer(await tenants.token(0))));
    expect(error.detail.expected).toContain('issuer.resolve().audience');
    expect(error.detail.found).toContain(tenants.name(0));
  });
});
