import { afterEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/model/refusal.js';
import { Credential, OpaqueToken } from '../../src/model/stages.js';
import { ConfiguredIssuers } from '../../src/token/configured-issuers.js';
import { type OpaqueRoute, OpaqueRouting } from '../../src/token/opaque-routing.js';
import { settled } from '../support-network/introspector.js';

const a = { name: 'a', introspection: {} };
const b = { name: 'b', introspection: {} };
const local = { name: 'local', introspection: undefined };

type Issuer = typeof a | typeof local;

/**
 * The issuer that an opaque token is routed to: its name, or code and expectation of the refusal.
 */
async function found(issuers: readonly Issuer[], route?: OpaqueRoute): Promise<unknown> {
  const directory = new ConfiguredIssuers(new Map(issuers.map((one) => [`https://${one.name}.example`, one])));
  const issuer = await new OpaqueRouting<Issuer>(route, directory).find(
    new OpaqueToken(new Credential('Bearer', 'opaque')),
  );
  return issuer instanceof Refusal ? [issuer.code, issuer.detail.expected] : issuer.name;
}

const misrouted = ['token_opaque', 'routeOpaqueToken to return a trusted issuer with introspection'];

describe('OpaqueRouting, the choice of the issuer that introspects an opaque token', () => {
  it('an opaque token goes to the only issuer that introspects', async () => {
    expect(await found([a])).toBe('a');
    expect(await found([local, b])).toBe('b');
  });

  it('an opaque token is refused if no issuer introspects', async () => {
    expect(await found([local])).toEqual(['token_opaque', 'a JWT: three segments']);
  });

  it('an opaque token is refused if several issuers introspect and there is no routeOpaqueToken', async () => {
    expect(await found([a, b])).toEqual([
      'token_opaque',
      'a JWT, or the option routeOpaqueToken: several issuers introspect',
    ]);
  });

  it('an opaque token goes to the issuer that routeOpaqueToken returns for it', async () => {
    const tokens: string[] = [];
    const route = (token: string) => {
      tokens.push(token);
      return 'https://b.example';
    };
    expect(await found([a, b], route)).toBe('b');
    expect(tokens).toEqual(['opaque']);
  });

  it.each([
    ['is unknown', 'https://c.example'],
    ['is written differently', 'https://a.example/'],
    ['does not introspect', 'https://local.example'],
    ['is empty', ''],
  ])('an opaque token is refused if the issuer from routeOpaqueToken %s', async (_, name) => {
    expect(await found([a, local], () => name)).toEqual(misrouted);
  });

  it.each([undefined, null, 1, {}, ['https://a.example'], Promise.resolve('https://a.example')])(
    'an opaque token is refused if routeOpaqueToken returns %s, not a string',
    async (answer) => {
      expect(await found([a], (() => answer) as unknown as OpaqueRoute)).toEqual(misrouted);
    },
  );

  it('a routeOpaqueToken that throws causes a 500 response (D-09)', async () => {
    const route = () => {
      throw new Error('s3cret');
    };
    expect(await found([a], route)).toEqual(['callback_failed', 'routeOpaqueToken to return an issuer; it threw']);
  });
});

describe('a routeOpaqueToken that returns a promise by mistake (D-09)', () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);

  afterEach(() => {
    process.off('unhandledRejection', listen);
  });

  it('a rejected promise from routeOpaqueToken refuses the token without an unhandled rejection (D-09)', async () => {
    process.on('unhandledRejection', listen);
    const route = (async () => {
      throw new Error('s3cret');
    }) as unknown as OpaqueRoute;
    expect(await found([a], route)).toEqual(misrouted);
    await settled();
    await settled();
    expect(unhandled).toEqual([]);
  });
});
