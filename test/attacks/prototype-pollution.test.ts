import { generateKeyPairSync } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  allOf,
  anyOf,
  anyScope,
  ConfigurationError,
  claim,
  createResourceServer,
  type Decision,
  decisionChannel,
  type HttpRequest,
  type ResourceServer,
  type ResourceServerOptions,
  scope,
  where,
} from '@resource-server/core';
import { fromIncomingMessage, sendDenial } from '@resource-server/core/node';
import { getAuth } from '@resource-server/express';
import { requirePolicy } from '@resource-server/koa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { statusListOf } from '../../packages/core/test/support/status-list.js';
import { selfSignedCertificate } from '../../packages/core/test/support-network/self-signed.js';
import { sendOverSocket } from '../suite/wire.js';
import { audience } from '../suite/world.js';
import { type Forge, makeForge, nowSeconds } from './support/forge.js';
import { ownIdentifiers, watchInheritedReads } from './support/inherited-reads.js';
import { type IssuerDocuments, serveIssuerDocuments } from './support/issuer-documents.js';
import { signCompact } from './support/jws-builder.js';
import { polluted } from './support/polluted.js';
import { prototypes } from './support/prototypes.js';
import { type SmallApplication, startSmallApplications } from './support/small-applications.js';
import { bearer } from './support/verdicts.js';

/*
 * Attack: another package in the process merges a JSON body into an object and so writes to
 * Object.prototype. Every object without an own property of that name then has it. Such a member
 * must not give access to a route, and must not change a key, an option or a response.
 */

const inherited = prototypes();
const form = 'application/x-www-form-urlencoded';

let documents: IssuerDocuments;
let forge: Forge;
let attacker: Forge;
let applications: SmallApplication[];
let shared: ResourceServer;

beforeAll(async () => {
  documents = await serveIssuerDocuments();
  const { issuer } = documents;
  const [own, foreign] = [keyPair(), keyPair()];
  forge = makeForge({ issuer, alg: 'ES256', kid: 'own', privateKey: own.privateKey });
  attacker = makeForge({ issuer, alg: 'ES256', kid: 'attacker', privateKey: foreign.privateKey });
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/keys`,
    introspection_endpoint: `${issuer}/introspect`,
  };
  documents.publish('/.well-known/oauth-authorization-server', metadata);
  documents.publish('/.well-known/openid-configuration', metadata);
  documents.publish('/keys', { keys: [jwkOf('own', own)] });
  documents.publish('/attacker', { keys: [jwkOf('attacker', foreign)] });
  documents.publish('/introspect', { active: true, sub: 'ada', aud: audience, scope: 'read' });
  documents.publish('/inactive', { active: false });
  documents.publish('/list', statusList(), 'application/statuslist+jwt');
  ownKeys = { keys: [jwkOf('own', own)] };
  attackersKeys = { keys: [jwkOf('attacker', foreign)] };
  shared = createResourceServer({ issuer, audience });
  applications = await startSmallApplications(shared);
});

let ownKeys: { readonly keys: readonly object[] };
let attackersKeys: typeof ownKeys;

afterAll(async () => {
  await Promise.all(applications.map((application) => application.close()));
  await documents.close();
});

afterEach(() => {
  expect(prototypes()).toEqual(inherited);
});

type Pair = ReturnType<typeof keyPair>;

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function jwkOf(kid: string, { publicKey }: Pair): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
}

function statusList(): string {
  const uri = `${documents.issuer}/list`;
  const claims = { iss: documents.issuer, sub: uri, iat: nowSeconds(), status_list: statusListOf([0b10]) };
  return signCompact({ alg: 'ES256', kid: 'own', typ: 'statuslist+jwt' }, claims, forge.signer);
}

const listed = (idx: number) =>
  forge.token({ claims: { status: { status_list: { idx, uri: `${documents.issuer}/list` } } } });

/** A server of the documents' issuer, configured by its identifier unless the options differ. */
function serve(options: Partial<ResourceServerOptions> = {}): ResourceServer {
  return createResourceServer({ issuer: documents.issuer, audience, ...options });
}

const anonymous: HttpRequest = { method: 'GET', url: '/', rawHeaders: [] };
const introspection = (more: object = {}) => ({
  clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' } as const,
  ...more,
});

function verdict(decision: Decision): string {
  return decision.granted ? `granted ${decision.auth?.subject}` : decision.error.code;
}

const check = async (server: ResourceServer, token: string) => verdict(await server.check(bearer(token)));

async function statusAt({ port }: SmallApplication, target: string, token?: string): Promise<number> {
  const headers = token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const];
  return (await sendOverSocket(port, { method: 'GET', target, headers, body: '' })).status;
}

/**
 * Reads that may find a member of `Object.prototype`, with the reason why each is harmless. An
 * entry is a name, or a name in one file.
 */
const allowed: readonly (readonly [read: string, reason: string])[] = [
  [
    'then',
    'await and isPromiseLike read it of every value. Only a function has an effect, and JSON contains no functions.',
  ],
  [
    'return',
    'Destructuring reads it of an iterator. Other values than undefined and a function cause a TypeError: a refusal.',
  ],
  [
    'respond in koa/index',
    'Koa reads it too. If it is false, Koa sends no response, and the adapter sends the refusal itself.',
  ],
];
const isAllowed = (read: string) => allowed.some(([name]) => read === name || read.startsWith(`${name} in `));

describe('reads of inherited members in the four packages', () => {
  it('no package file reads through Object.prototype, except the listed reads', async () => {
    const names = ownIdentifiers();
    expect(names.length).toBeGreaterThan(1000);
    const tokens = {
      good: forge.token(),
      expired: forge.token({ claims: { exp: nowSeconds() - 3600 } }),
      forged: attacker.token({ header: { kid: 'own' } }),
      unknown: attacker.token(),
      plain: forge.token({ header: { typ: 'JWT' } }),
      early: forge.token({ claims: { nbf: nowSeconds() + 3600 } }),
      bound: forge.token({ claims: { cnf: { jkt: 'x' } } }),
      untrusted: forge.token({ claims: { iss: 'https://other.example' } }),
      mistyped: forge.token({ claims: { aud: 7 } }),
      lacking: forge.token({ claims: { sub: undefined } }),
      malformed: 'a.b.c',
      listed: listed(0),
      revoked: listed(1),
      lost: forge.token({ claims: { status: { status_list: { idx: 0, uri: `${documents.issuer}/none` } } } }),
    };
    const reads = watchInheritedReads(names);
    let seen: readonly string[];
    try {
      seen = [
        ...(await exerciseCore(tokens)),
        ...(await exerciseIssuers(tokens)),
        ...(await exerciseApplications(tokens)),
        ...exerciseConfigurationErrors(),
      ];
    } finally {
      reads.stop();
    }
    expect([...reads.found].filter((read) => !isAllowed(read))).toEqual([]);
    const unused = allowed.filter(
      ([name]) => ![...reads.found].some((read) => `${read} in `.startsWith(`${name} in `)),
    );
    expect(unused).toEqual([]);
    // The control: the runs above produced every kind of acceptance and refusal.
    expect([...new Set(seen)].sort()).toEqual([
      '200',
      '400',
      '401',
      '403',
      '500',
      '503',
      'ConfigurationError',
      'audience_mismatch',
      'binding_unsupported',
      'callback_failed',
      'claim_insufficient',
      'claim_malformed',
      'claim_missing',
      'claims_refused',
      'credentials_malformed',
      'credentials_missing',
      'credentials_repeated',
      'granted ada',
      'granted ada-lovelace-1815',
      'granted undefined',
      'introspection_unavailable',
      'issuer_untrusted',
      'key_unknown',
      'keys_unavailable',
      'revocation_unavailable',
      'scope_insufficient',
      'signature_invalid',
      'token_elsewhere',
      'token_expired',
      'token_inactive',
      'token_malformed',
      'token_not_yet_valid',
      'token_opaque',
      'token_revoked',
      'type_refused',
    ]);
  }, 60_000);
});

type Tokens = Readonly<Record<string, string>>;

async function exerciseCore(tokens: Tokens): Promise<string[]> {
  const messages: unknown[] = [];
  const listen = (message: unknown) => messages.push(message);
  subscribe(decisionChannel, listen);
  const server = serve({ scopeImplies: { write: ['read'] } });
  await server.ready();
  const { good = '' } = tokens;
  const seen: string[] = [];
  // Twice, so that cached results are covered as well.
  for (const token of [...Object.values(tokens), ...Object.values(tokens)]) {
    const decision = await server.check(bearer(token));
    seen.push(verdict(decision));
    if (!decision.granted) void [decision.error.detail.expected, decision.error.headers, decision.error.stack];
  }
  const policies = [
    scope('read'),
    scope('admin'),
    anyScope('admin', 'read'),
    claim('client_id', 'web'),
    claim('absent', 'web'),
    where('reads the request', (_auth, { url, formBody }) => url === '/' && formBody === undefined),
    where('throws', () => {
      throw new Error('the condition failed');
    }),
    allOf(scope('read'), claim('client_id', 'web')),
    anyOf(scope('admin'), scope('read')),
  ];
  for (const policy of policies) {
    seen.push(verdict(await server.check(bearer(good), { policy })));
    const decision = await server.checkToken(good);
    if (decision.granted && decision.auth) seen.push(verdict(await server.authorize(decision.auth, policy, anonymous)));
  }
  const requests: HttpRequest[] = [
    anonymous,
    { ...anonymous, url: `/?access_token=${good}` },
    { ...anonymous, formBody: { access_token: good } },
    { ...anonymous, rawHeaders: ['Authorization', 'Bearer'] },
    { ...anonymous, rawHeaders: [...bearer(good).rawHeaders, ...bearer(good).rawHeaders] },
    { ...anonymous, rawHeaders: ['Authorization', 'Basic x'] },
  ];
  for (const request of requests) seen.push(verdict(await server.check(request, { credentials: 'optional' })));
  seen.push(verdict(await server.check(anonymous)), verdict(await server.check(bearer('opaque'))));
  void server.status();
  const seed = server.snapshot();
  seen.push(await check(serve({ keys: { seed } }), good));
  await server.close();
  seen.push(await check(serve({ audience: 'other' }), good));
  seen.push(await check(serve({ maxTokenAgeSeconds: 60, tokenCache: false }), good));
  const schema = (validate: (value: unknown) => { value: unknown } | { issues: [] }) =>
    ({ '~standard': { version: 1 as const, vendor: 'test', validate } }) as ResourceServerOptions['claims'];
  seen.push(await check(serve({ claims: schema((value) => ({ value })) as never }), good));
  seen.push(await check(serve({ claims: schema(() => ({ issues: [] })) as never }), good));
  unsubscribe(decisionChannel, listen);
  expect(messages.length).toBeGreaterThan(20);
  return seen;
}

async function exerciseIssuers({
  good = '',
  plain = '',
  listed: active = '',
  revoked = '',
  lost = '',
  unknown = '',
}: Tokens) {
  const { issuer } = documents;
  const opaque = serve({
    issuer: { issuer, introspection: introspection() },
    introspectionCache: { positiveSeconds: 60, negativeSeconds: 60 },
  });
  await opaque.ready();
  const inactive = serve({
    issuer: {
      issuer,
      introspection: introspection({
        endpoint: `${issuer}/inactive`,
        clientAuthentication: {
          method: 'private_key_jwt',
          clientId: 'api',
          privateKey: forge.privateKey.export({ format: 'jwk' }),
        },
      }),
    },
  });
  const unavailable = serve({ issuer: { issuer, introspection: introspection({ endpoint: `${issuer}/none` }) } });
  const always = serve({ issuer: { issuer, introspection: introspection({ mode: 'always' }) } });
  const lists = serve({ revocation: { statusLists: true, isRevoked: () => false } });
  const revokes = serve({ revocation: { isRevoked: async () => true } });
  const resolving = serve({ issuer: { resolve: async () => null } });
  const jwt = serve({ issuer: { issuer, tokenProfile: 'jwt', algorithms: ['ES256'] } });
  const nowhere = serve({ issuer: { issuer, jwksUri: `${issuer}/none` } });
  const ownFetch = serve({ fetch: fetch as never });
  const other = `http://127.0.0.1:1`;
  const several = serve({ issuer: [issuer, other], routeOpaqueToken: () => other });
  const seen = [
    await check(opaque, 'opaque'),
    await check(opaque, 'opaque'),
    await check(inactive, 'opaque'),
    await check(unavailable, 'opaque'),
    await check(always, good),
    await check(lists, active),
    await check(lists, revoked),
    await check(lists, lost),
    await check(revokes, good),
    await check(resolving, good),
    await check(resolving, forge.token({ claims: { iss: 'https://tenant.example.com' } })),
    await check(jwt, plain),
    await check(nowhere, good),
    await check(ownFetch, good),
    await check(ownFetch, unknown),
    await check(several, 'opaque'),
  ];
  void [opaque.status(), unavailable.status(), nowhere.status(), lists.status(), resolving.snapshot()];
  return seen;
}

async function exerciseApplications({ good = '', expired = '', lacking = '' }: Tokens): Promise<string[]> {
  const seen: string[] = [];
  for (const application of applications) {
    for (const target of ['/any', '/read', '/optional', '/delegate', `/any?access_token=${good}`]) {
      for (const token of [good, expired, lacking, undefined]) {
        seen.push(String(await statusAt(application, target, token)));
      }
    }
    const other = forge.token({ claims: { scope: 'other' } });
    seen.push(String(await statusAt(application, '/read', other)));
    const { status } = await sendOverSocket(application.port, {
      method: 'POST',
      target: '/any',
      headers: [['Content-Type', form]],
      body: 'access_token=x',
    });
    seen.push(String(status));
  }
  // A guard without `auth()`, and a request object that no HTTP server made.
  const ctx = { req: {}, res: { removeHeader: () => {}, setHeader: () => {}, end: () => {} }, state: {}, request: {} };
  const response: Record<string, unknown> = { ...ctx, set: () => {} };
  await requirePolicy(scope('read'))(response as never, async () => {});
  seen.push(String(response['status']));
  const decision = await shared.check(fromIncomingMessage({ headers: {} }));
  const rawResponse = { statusCode: 0, setHeader: () => {}, removeHeader: () => {}, end: () => {} };
  if (!decision.granted) sendDenial(rawResponse, decision);
  seen.push(String(rawResponse.statusCode));
  expect(() => getAuth({} as never)).toThrow(TypeError);
  const unavailable = serve({ issuer: { issuer: documents.issuer, jwksUri: `${documents.issuer}/none` } });
  const decisionWithoutKeys = await unavailable.check(bearer(good));
  if (!decisionWithoutKeys.granted) seen.push(String(decisionWithoutKeys.status));
  return seen;
}

function exerciseConfigurationErrors(): string[] {
  const wrong: unknown[] = [
    undefined,
    {},
    { issuer: 'x', audience },
    { issuer: {}, audience },
    { issuer: { resolve: 1 }, audience },
    { issuer: documents.issuer },
    { issuer: documents.issuer, audience, keys: { maxAgeSeconds: 0 } },
    { issuer: documents.issuer, audience, clock: {} },
    { issuer: documents.issuer, audience, claims: {} },
    { issuer: documents.issuer, audience, revocation: {} },
    { issuer: { issuer: documents.issuer, introspection: {} }, audience },
    { issuer: { issuer: documents.issuer, jwks: {} }, audience },
  ];
  return wrong.map((options) => {
    try {
      createResourceServer(options as ResourceServerOptions);
      return 'accepted';
    } catch (failure) {
      return failure instanceof ConfigurationError ? 'ConfigurationError' : String(failure);
    }
  });
}

describe('a polluted prototype and the options of a check', () => {
  it('an inherited `credentials: "optional"` gives no access to a request without a token', async () => {
    await polluted({ credentials: 'optional' }, async () => {
      expect(verdict(await shared.check(anonymous))).toBe('credentials_missing');
      expect(verdict(await serve().check(anonymous))).toBe('credentials_missing');
      for (const application of applications) {
        expect([application.name, await statusAt(application, '/any')]).toEqual([application.name, 401]);
        expect([application.name, await statusAt(application, '/any', forge.token())]).toEqual([application.name, 200]);
      }
    });
  });

  it.each([{ auth: { public: true } }, { public: true }])(
    'the inherited members %j make no Fastify route public',
    async (members) => {
      const fastify = applications.find(({ name }) => name === 'Fastify 5') as SmallApplication;
      await polluted(members, async () => {
        for (const target of ['/any', '/empty-config']) {
          expect([target, await statusAt(fastify, target)]).toEqual([target, 401]);
          expect([target, await statusAt(fastify, target, forge.token())]).toEqual([target, 200]);
        }
      });
    },
  );

  it('inherited `kind` and `scopes` are not a policy: requirePolicy() throws a ConfigurationError', async () => {
    await polluted({ kind: 'anyScope', scopes: ['read'] }, () => {
      expect(() => requirePolicy(undefined as never)).toThrow(ConfigurationError);
      expect(() => requirePolicy({} as never)).toThrow(ConfigurationError);
      expect(() => requirePolicy({ kind: 'scope', scopes: ['read'] })).not.toThrow();
    });
  });
});

describe('a polluted prototype and the options of a server', () => {
  it('an inherited `jwks` gives a resolved tenant no keys of the attacker, during or after the pollution', async () => {
    const { issuer } = documents;
    const resolve = async (iss: string) => (iss === tenant ? { issuer: tenant, audience } : null);
    const tenant = 'https://tenant.example.com';
    const fetched: string[] = [];
    const own = ownKeys;
    const server = serve({
      issuer: { resolve },
      fetch: (async (url: string) => {
        fetched.push(url);
        const metadata = { issuer: tenant, jwks_uri: `${tenant}/keys` };
        return new Response(JSON.stringify(url.endsWith('/keys') ? own : metadata));
      }) as never,
    });
    const [good, forged] = [forge, attacker].map((one) => one.token({ claims: { iss: tenant } })) as [string, string];
    await polluted({ jwks: attackersKeys }, async () => {
      expect(await check(server, forged)).toBe('key_unknown');
      expect(await check(serve(), attacker.token({ claims: { iss: issuer } }))).toBe('key_unknown');
    });
    expect(await check(server, forged)).toBe('key_unknown');
    expect(await check(server, good)).toMatch(/^granted/);
    expect(fetched).toContain(`${tenant}/keys`);
  });

  const pollutions = (): readonly [members: Readonly<Record<string, unknown>>, token: string, refused: string][] => [
    [{ jwksUri: `${documents.issuer}/attacker` }, attacker.token(), 'key_unknown'],
    [{ jwks: attackersKeys }, attacker.token(), 'key_unknown'],
    [
      { audience: 'https://other.example' },
      forge.token({ claims: { aud: 'https://other.example' } }),
      'audience_mismatch',
    ],
    [{ tokenProfile: 'jwt' }, forge.token({ header: { typ: 'JWT' } }), 'type_refused'],
    [{ algorithms: ['RS256'] }, forge.token({ header: { typ: 'JWT' } }), 'type_refused'],
    [{ maxTokenAgeSeconds: 1e9, clockToleranceSeconds: 120 }, expiredBy(60), 'token_expired'],
    [{ seed: attackersSeed() }, attacker.token(), 'key_unknown'],
    [{ staleMaxSeconds: 86_400, maxAgeSeconds: 86_400, timeoutSeconds: 'x' }, attacker.token(), 'key_unknown'],
    [{ tokenCache: { maxEntries: 'x' }, maxEntries: 'x', maxBytes: 'x' }, attacker.token(), 'key_unknown'],
    [{ introspection: { endpoint: `${documents.issuer}/introspect` } }, 'opaque', 'token_opaque'],
    [{ allowedHosts: ['none.example'] }, attacker.token(), 'key_unknown'],
    [
      { curve: 'P-256', padding: 6, saltOctets: 1, digest: 'sha1' },
      attacker.token({ header: { kid: 'own' } }),
      'signature_invalid',
    ],
    [{ d: 'x', k: 'x', use: 'enc', key_ops: [] }, attacker.token(), 'key_unknown'],
  ];

  it('the server ignores options that are inherited from Object.prototype', async () => {
    for (const [members, token, refused] of pollutions()) {
      const good = forge.token();
      await polluted(members, async () => {
        const server = serve();
        const seen = [Object.keys(members), await check(server, token), await check(server, good)];
        expect(seen).toEqual([Object.keys(members), refused, 'granted ada-lovelace-1815']);
      });
    }
  });

  it('inherited `scopeClaims` and `scopeImplies` do not change the scopes of a token', async () => {
    await polluted({ scopeClaims: ['evil'], scopeImplies: { read: ['admin'] } }, async () => {
      const decision = await serve().check(bearer(forge.token({ claims: { evil: 'admin' } })), {
        policy: scope('admin'),
      });
      expect(verdict(decision)).toBe('scope_insufficient');
    });
  });

  it('inherited TLS options do not make the server accept a self-signed certificate of an issuer', async () => {
    const certificate = selfSignedCertificate();
    const fake = createSecureServer(certificate, (_request, response) => {
      response.end(JSON.stringify(attackersKeys));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => fake.once('listening', resolve));
    const issuer = `https://localhost:${(fake.address() as AddressInfo).port}`;
    const pollutions = [
      { rejectUnauthorized: false, checkServerIdentity: null, agent: false },
      { ca: certificate.cert },
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    ];
    for (const members of pollutions) {
      await polluted(members, async () => {
        const server = serve({ issuer: { issuer, jwksUri: `${issuer}/keys` } });
        const seen = await check(server, attacker.token({ claims: { iss: issuer } }));
        expect([Object.keys(members), seen]).toEqual([Object.keys(members), 'keys_unavailable']);
      });
    }
    fake.close();
  });
});

describe('a polluted prototype and requests, responses and results', () => {
  it('inherited `url`, `formBody` and `headersTruncated` do not change the request that is checked', async () => {
    const message = { method: 'GET', headers: {}, rawHeaders: bearer(forge.token()).rawHeaders };
    let shown: readonly unknown[] = [];
    const policy = where('reads the request', (_auth, request) => {
      shown = [request.url, request.formBody, request.headersTruncated, request.clientCertificate];
      return true;
    });
    const members = {
      url: '/polluted?access_token=x',
      body: { access_token: 'x' },
      formBody: { access_token: 'x' },
      'content-type': form,
      headersTruncated: true,
      clientCertificate: 'x',
    };
    await polluted(members, async () => {
      expect(verdict(await shared.check(fromIncomingMessage({ ...message, url: undefined }), { policy }))).toMatch(
        /^granted/,
      );
      expect(shown).toEqual(['', undefined, undefined, undefined]);
      expect(verdict(await shared.check(bearer(forge.token())))).toMatch(/^granted/);
      for (const application of applications) expect(await statusAt(application, '/any', forge.token())).toBe(200);
    });
  });

  it('inherited `optional` and `from` do not change that getAuth() throws a TypeError without auth()', async () => {
    await polluted({ optional: true, from: shared }, () => {
      expect(() => getAuth({} as never)).toThrow(TypeError);
      expect(() => getAuth({} as never, {} as never)).toThrow(TypeError);
    });
  });

  it('an inherited `optional` does not change that getAuth() causes a 500 response for an anonymous request', async () => {
    await polluted({ optional: true }, async () => {
      for (const application of applications) {
        expect([application.name, await statusAt(application, '/named')]).toEqual([application.name, 500]);
        expect(await statusAt(application, '/named', forge.token())).toBe(200);
      }
    });
  });

  it('inherited `subject` and `clientId` do not appear in the auth of a token that lacks them', async () => {
    const { issuer } = documents;
    documents.publish('/bare', { active: true, aud: audience });
    const server = serve({ issuer: { issuer, introspection: introspection({ endpoint: `${issuer}/bare` }) } });
    await polluted(
      { subject: 'admin', sub: 'admin', clientId: 'admin', client_id: 'admin', expiresAt: 1 },
      async () => {
        const decision = await server.check(bearer('opaque'));
        expect(decision.granted && { ...decision.auth }).toMatchObject({ subject: undefined, clientId: undefined });
      },
    );
  });

  it('inherited `stream` and `respond` do not prevent the response of a refusal', async () => {
    await polluted({ stream: { destroyed: true }, respond: false }, async () => {
      for (const application of applications) {
        const request = { method: 'GET', target: '/any', headers: [], body: '' } as const;
        const { status, body } = await sendOverSocket(application.port, request);
        expect([application.name, status, JSON.parse(body).title]).toEqual([application.name, 401, 'Unauthorized']);
      }
    });
  });

  it('inherited error texts, Retry-After and header names do not change a refusal', async () => {
    const refusalOf = async (server: ResourceServer) => {
      const { status, headers, body, error } = (await server.check(anonymous)) as Extract<Decision, { granted: false }>;
      const { message, detail, cause } = error;
      return JSON.stringify([status, headers, body, error.headers, message, detail.expected, detail.found, cause]);
    };
    const expected = await refusalOf(serve());
    const members = {
      error: 'polluted',
      text: 'polluted',
      namesScopes: true,
      retryAfterSeconds: 7,
      realm: 'polluted',
      expected: 'polluted',
      found: 'polluted',
      cause: 'polluted',
      scheme: 'polluted',
      'WWW-Authenticate': 'polluted',
      'Cache-Control': 'polluted',
    };
    await polluted(members, async () => {
      expect(await refusalOf(shared)).toBe(expected);
      expect(await refusalOf(serve())).toBe(expected);
    });
  });

  it.each([{ status: {} }, { status: 'x' }, { status: true }])(
    'the inherited member %j does not change the token cache and receives no data from it',
    async (members) => {
      const { status } = members;
      await polluted(members, async () => {
        const server = serve();
        for (let round = 0; round < 3; round++) expect(await check(server, forge.token())).toMatch(/^granted/);
        expect(Object.keys(Object(status))).toEqual(Object.keys(Object(members.status === 'x' ? 'x' : {})));
      });
    },
  );

  it('an inherited `issues` does not change the result of the claims schema', async () => {
    const good = forge.token();
    const withResult = (result: unknown) =>
      serve({ claims: { '~standard': { version: 1, vendor: 'test', validate: () => result } } as never });
    await polluted({ issues: [] }, async () => {
      expect(await check(withResult({ value: {} }), good)).toMatch(/^granted/);
    });
  });

  it('inherited `cache-control` and `status` do not change how long the keys of the issuer are fresh', async () => {
    await polluted({ 'cache-control': 'max-age=86400', age: '1', status: 200, statusCode: 200 }, async () => {
      const server = serve();
      await server.ready();
      expect(server.snapshot().issuers[0]?.freshSeconds).toBe(600);
    });
  });
});

function expiredBy(seconds: number): string {
  return forge.token({ claims: { iat: nowSeconds() - 3600, exp: nowSeconds() - seconds } });
}

function attackersSeed(): object {
  const { issuer } = documents;
  return { version: 1, issuers: [{ issuer, fetchedAt: Date.now(), freshSeconds: 600, jwks: attackersKeys }] };
}
