import { afterEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/model/refusal.js';
import { Credential, OpaqueToken } from '../../src/model/stages.js';
import { ConfiguredIssuers } from '../../src/token/configured-issuers.js';
import { type OpaqueRoute, OpaqueRouting } from '../../src/token/opaque-routing.js';
import { settled } from '../support-network/introspector.js';

const a = { name: 'a', introspection: {} };
const b = { name: 'b', introspection: {} };
const silent = { name: 'silent', introspection: undefined };

type Issuer = typeof a | typeof silent;

/** Whom an opaque token leads to: the name of the issuer, or code and expectation of the refusal. */
async function found(issuers: readonly Issuer[], route?: OpaqueRoute): Promise<unknown> {
  const directory = new ConfiguredIssuers(new Map(issuers.map((one) => [`https://${one.name}.example`, one])));
  const issuer = await new OpaqueRouting<Issuer>(route, directory).find(
    new OpaqueToken(new Credential('Bearer', 'opaque')),
  );
  return issuer instanceof Refusal ? [issuer.code, issuer.detail.expected] : issuer.name;
}

const misrouted = ['token_opaque', 'routeOpaqueToken to name a trusted issuer that introspects'];

describe('who is asked about an opaque token', () => {
  it('the only issuer that introspects, among however many others', async () => {
    expect(await found([a])).toBe('a');
    expect(await found([silent, b])).toBe('b');
  });

  it('nobody where nobody introspects', async () => {
    expect(await found([silent])).toEqual(['token_opaque', 'a JWT: three segments']);
  });

  it('nobody where several do and the application does not say which', async () => {
    expect(await found([a, b])).toEqual(['token_opaque', 'a JWT, or routeOpaqueToken: several issuers introspect']);
  });

  it('the one that the application names by the token', async () => {
    const asked: string[] = [];
    const route = (token: string) => {
      asked.push(token);
      return 'https://b.example';
    };
    expect(await found([a, b], route)).toBe('b');
    expect(asked).toEqual(['opaque']);
  });

  it.each([
    ['nobody knows', 'https://c.example'],
    ['is written in another way', 'https://a.example/'],
    ['does not introspect', 'https://silent.example'],
    ['is empty', ''],
  ])('nobody where the issuer that it names %s, not even the only one that introspects', async (_, name) => {
    expect(await found([a, silent], () => name)).toEqual(misrouted);
  });

  it.each([undefined, null, 1, {}, ['https://a.example'], Promise.resolve('https://a.example')])(
    'nobody where what it gives is no text: %s',
    async (answer) => {
      expect(await found([a], (() => answer) as unknown as OpaqueRoute)).toEqual(misrouted);
    },
  );

  it('D-09: nobody where it throws: that is 500', async () => {
    const route = () => {
      throw new Error('s3cret');
    };
    expect(await found([a], route)).toEqual(['callback_failed', 'routeOpaqueToken not to throw']);
  });
});

describe('D-09: a route that gives a promise by mistake', () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);

  afterEach(() => {
    process.off('unhandledRejection', listen);
  });

  it('D-09: which rejects refuses the token, and ends no process', async () => {
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
