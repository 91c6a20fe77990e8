import { createHash } from 'node:crypto';
import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import { nowSeconds } from './support/forge.js';
import type { Members } from './support/jws-builder.js';
import { signCompact } from './support/jws-builder.js';
import { rows } from './support/rows.js';
import { type Arena, jwksOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * JWTs that the same issuer signs with the same key for other purposes. Here each has, beside what
 * makes it what it is, everything that an access token has: only its kind refuses it.
 */

let arena: Arena;
let applications: Applications;
/** Keeps to RFC 9068. */
let strict: ResourceServer;
/** For issuers that predate it. */
let lenient: ResourceServer;

beforeAll(async () => {
  arena = await openArena();
  strict = arena.server;
  lenient = createResourceServer(lenientOptions());
  applications = await startApplications(lenientOptions());
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

function lenientOptions() {
  return {
    issuer: { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer), tokenProfile: 'jwt' },
    audience,
  } as const;
}

const typeRefused = badToken('type_refused');
const hash = createHash('sha256').update('token').digest().subarray(0, 16).toString('base64url');

/** Another kind of JWT. */
interface Kind {
  readonly name: string;
  /** The `typ` that its specification gives it. */
  readonly typ?: string;
  /** Whether its claims alone tell it from an access token, so that no profile takes it untyped. */
  readonly isMarked?: true;
  /** What it says, in the words of its specification. */
  readonly claims: (issuer: string) => Members;
  /** Why one that has nothing of an access token, and no `typ`, is refused where `typ` may be absent. */
  readonly untyped: 'type_refused' | 'claim_missing' | 'audience_mismatch' | 'issuer_untrusted';
}

const soon = () => ({ iat: nowSeconds(), exp: nowSeconds() + 300 });

const kinds: readonly Kind[] = [
  {
    name: 'ID token',
    isMarked: true,
    claims: (iss) => ({
      iss,
      sub: 'ada',
      aud: 'web',
      ...soon(),
      nonce: 'n-0S6',
      at_hash: hash,
      auth_time: nowSeconds(),
    }),
    untyped: 'type_refused',
  },
  {
    name: 'ID token that calls itself one',
    typ: 'id_token+jwt',
    isMarked: true,
    claims: (iss) => ({ iss, sub: 'ada', aud: 'web', ...soon(), c_hash: hash }),
    untyped: 'type_refused',
  },
  {
    name: 'logout token',
    typ: 'logout+jwt',
    isMarked: true,
    claims: (iss) => ({
      iss,
      aud: 'web',
      ...soon(),
      sid: 's',
      jti: 'j',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    }),
    untyped: 'type_refused',
  },
  {
    name: 'security event token',
    typ: 'secevent+jwt',
    isMarked: true,
    claims: (iss) => ({
      iss,
      aud: 'https://receiver.example',
      iat: nowSeconds(),
      jti: 'j',
      events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} },
    }),
    untyped: 'type_refused',
  },
  {
    name: 'introspection response',
    typ: 'token-introspection+jwt',
    isMarked: true,
    claims: (iss) => ({ iss, aud: audience, iat: nowSeconds(), token_introspection: { active: true, scope: 'admin' } }),
    untyped: 'type_refused',
  },
  {
    name: 'status list',
    typ: 'statuslist+jwt',
    claims: (iss) => ({
      iss,
      sub: `${iss}/statuslists/1`,
      ...soon(),
      ttl: 43_200,
      status_list: { bits: 1, lst: 'eNrb' },
    }),
    untyped: 'claim_missing',
  },
  {
    name: 'JARM response',
    typ: 'oauth-authz-resp+jwt',
    claims: (iss) => ({ iss, aud: 'web', ...soon(), code: 'SplxlOBeZQQYbYS6WxSbIA', state: 's' }),
    untyped: 'audience_mismatch',
  },
  {
    name: 'client assertion',
    typ: 'client-authentication+jwt',
    claims: (iss) => ({ iss: 'web', sub: 'web', aud: iss, ...soon(), jti: 'j' }),
    untyped: 'issuer_untrusted',
  },
  {
    name: 'request object',
    typ: 'oauth-authz-req+jwt',
    claims: (iss) => ({
      iss: 'web',
      aud: iss,
      ...soon(),
      client_id: 'web',
      response_type: 'code',
      scope: 'openid read',
    }),
    untyped: 'issuer_untrusted',
  },
  {
    name: 'transaction token',
    typ: 'txntoken+jwt',
    claims: (iss) => ({
      iss,
      aud: 'trust-domain.example',
      ...soon(),
      txn: 't',
      sub: 'ada',
      scope: 'read',
      req_wl: 'web',
    }),
    untyped: 'audience_mismatch',
  },
  {
    name: 'DPoP proof',
    typ: 'dpop+jwt',
    claims: () => ({ jti: 'j', htm: 'GET', htu: `${audience}/any`, iat: nowSeconds(), ath: hash }),
    untyped: 'claim_missing',
  },
  {
    name: 'identity assertion authorization grant',
    typ: 'oauth-id-jag+jwt',
    claims: (iss) => ({
      iss,
      sub: 'ada',
      aud: 'https://as.other.example',
      client_id: 'web',
      jti: 'j',
      ...soon(),
      scope: 'read',
    }),
    untyped: 'audience_mismatch',
  },
  {
    name: 'authorization grant',
    typ: 'authorization-grant+jwt',
    claims: (iss) => ({ iss, sub: 'ada', aud: `${iss}/token`, ...soon() }),
    untyped: 'audience_mismatch',
  },
  {
    name: 'signed metadata',
    typ: 'oauth-authorization-server+jwt',
    claims: (iss) => ({ iss, issuer: iss, jwks_uri: `${iss}/jwks`, ...soon() }),
    untyped: 'claim_missing',
  },
  {
    name: 'key binding of an SD-JWT',
    typ: 'kb+jwt',
    claims: () => ({ iat: nowSeconds(), aud: audience, nonce: 'n', sd_hash: hash }),
    untyped: 'claim_missing',
  },
  {
    name: 'verifiable credential',
    typ: 'dc+sd-jwt',
    claims: (iss) => ({ iss, vct: 'https://credentials.example/id', ...soon(), _sd: [hash] }),
    untyped: 'claim_missing',
  },
  {
    name: 'refresh token',
    typ: 'rt+jwt',
    claims: (iss) => ({ iss, aud: iss, sub: 'ada', ...soon() }),
    untyped: 'audience_mismatch',
  },
  {
    name: 'workload identity token',
    typ: 'wit+jwt',
    claims: (iss) => ({ iss, sub: 'spiffe://example/web', ...soon() }),
    untyped: 'claim_missing',
  },
];

const typed = kinds.flatMap(({ typ, ...kind }) => (typ === undefined ? [] : [{ ...kind, typ }]));

/** Everything that makes it what it is, and everything an access token has. */
function dressedUp({ claims }: Kind, typ: string | undefined): string {
  const { forge } = arena;
  return forge.token({ header: { typ }, claims: { ...claims(forge.issuer), ...forge.claims() } });
}

describe('another kind of JWT', () => {
  it('an access token is admitted, in either profile', async () => {
    await expectAdmitted(strict, arena.forge.token());
    await expectAdmitted(lenient, arena.forge.token());
    for (const typ of ['JWT', undefined]) await expectAdmitted(lenient, arena.forge.token({ header: { typ } }));
  });

  it.each(kinds)(
    '[RS-8725-3.12-a] [RS-9068-5-a] is no RFC 9068 access token, whatever it is called: $name',
    async (kind) => {
      for (const typ of [kind.typ ?? 'JWT', 'JWT', undefined]) {
        await expectRefused(strict, dressedUp(kind, typ), typeRefused);
      }
    },
  );

  it.each(typed)(
    '[RS-8725-3.11-b] [RS-8725-3.12-a] that says what it is, is taken by no profile: $typ',
    async (kind) => {
      for (const typ of [kind.typ, kind.typ.toUpperCase(), `application/${kind.typ}`]) {
        for (const server of [strict, lenient]) await expectRefused(server, dressedUp(kind, typ), typeRefused);
      }
    },
  );

  it.each(kinds.filter(({ isMarked }) => isMarked))(
    '[RS-8725-3.12-a] whose claims say what it is, is taken by no profile: $name',
    async (kind) => {
      for (const typ of ['JWT', undefined, 'application/jwt']) {
        await expectRefused(lenient, dressedUp(kind, typ), typeRefused);
      }
    },
  );

  it.each(kinds)('as its issuer makes it, without typ, is taken by no profile: $name', async ({ claims, untyped }) => {
    const { forge } = arena;
    for (const header of [forge.header({ typ: undefined }), forge.header({ typ: 'JWT' })]) {
      const token = signCompact(header, claims(forge.issuer), forge.signer);
      await expectRefused(lenient, token, badToken(untyped));
    }
  });

  it('[RS-8725-3.12-a] is refused in every framework', async () => {
    await applications.expectRefused(await arena.issuer.bad.idToken(), typeRefused);
    await applications.expectRefused(await arena.issuer.bad.logoutToken(), typeRefused);
    await applications.expectRefused(await arena.issuer.bad.wrongType(), typeRefused);
    await applications.expectAdmitted(await arena.issuer.bad.plainJwt());
    await applications.expectAdmitted(arena.forge.token());
  });
});

describe('typ', () => {
  it.each(['at+jwt', 'at+JWT', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+JWT', 'APPLICATION/AT+JWT'])(
    '[RS-7515-4.1.9-a] [RS-8725-3.11-a] [RS-9068-4-a] [RS-9068-4-b] of an access token is %s',
    async (typ) => {
      for (const server of [strict, lenient]) await expectAdmitted(server, arena.forge.token({ header: { typ } }));
    },
  );

  const nearMisses = [
    'at+jwt+x',
    'at+jwtx',
    'xat+jwt',
    'at+jw',
    't+jwt',
    'at-jwt',
    'at jwt',
    'atjwt',
    'at%2Bjwt',
    'at+jwt ',
    ' at+jwt',
    '\tat+jwt',
    'at+jwt\n',
    'at+jwt\u0000',
    'at+jwt;v=1',
    'at+jwt; charset=utf-8',
    'at+jwt,JWT',
    'JWT,at+jwt',
    'application/at+jwt;q=1',
    'application/ at+jwt',
    'application/application/at+jwt',
    '/at+jwt',
    'at+jwt/',
    'text/at+jwt',
    'x/at+jwt',
    'applications/at+jwt',
    'application',
    'application/',
    'at+jwe',
    'at+sd-jwt',
    'jwt+at',
    'at\u207ajwt',
    'ａｔ+jwt',
    'а\u0074+jwt',
    'at+\u200bjwt',
    'dpop+jwt',
    'id_token+jwt',
    'JOSE',
    'JOSE+JSON',
    '',
    '*',
    '*/*',
    'application/*',
  ];

  it.each(rows(nearMisses))(
    '[RS-9068-4-a] [RS-8725-3.11-b] is not $written, in either profile',
    async ({ value: typ }) => {
      for (const server of [strict, lenient]) {
        await expectRefused(server, arena.forge.token({ header: { typ } }), typeRefused);
      }
    },
  );

  it.each(rows([undefined, 'JWT', 'jwt', 'application/jwt', 'Application/JWT']))(
    '[RS-9068-4-a] being $written is no access token by RFC 9068, and is one where it may be so by agreement',
    async ({ value: typ }) => {
      await expectRefused(strict, arena.forge.token({ header: { typ } }), typeRefused);
      await expectAdmitted(lenient, arena.forge.token({ header: { typ } }));
    },
  );

  it.each(rows<unknown>([null, 0, 1, true, false, [], ['at+jwt'], {}, { toString: 'at+jwt' }]))(
    'is a string, and not $written',
    async ({ value: typ }) => {
      for (const server of [strict, lenient]) {
        await expectRefused(server, arena.forge.token({ header: { typ } }), badToken('token_malformed'));
      }
    },
  );

  it('[RS-9068-4-a] in the claims, or by another name in the header, is none', async () => {
    const header = { typ: undefined, Typ: 'at+jwt', cty: 'at+jwt', token_type: 'at+jwt' };
    await expectRefused(strict, arena.forge.token({ header, claims: { typ: 'at+jwt' } }), typeRefused);
  });
});

describe('what the older issuers write into the claims', () => {
  const untyped = (claims: Members) => arena.forge.token({ header: { typ: 'JWT' }, claims });

  it.each(
    rows<Members>([
      { token_use: 'access' },
      { typ: 'Bearer' },
      { typ: 'Bearer', nonce: 'n' },
      { typ: 'bearer', nonce: 'n' },
    ]),
  )('$written is an access token', async ({ value }) => {
    await expectAdmitted(lenient, untyped(value));
  });

  it.each(
    rows<Members>([
      { token_use: 'id' },
      { token_use: 'refresh' },
      { token_use: 'Access' },
      { token_use: ['access'] },
      { token_use: null },
      { typ: 'ID' },
      { typ: 'id' },
      { typ: 'Refresh' },
      { typ: 'Offline' },
      { typ: 'Logout' },
      { typ: 'ID', nonce: 'n' },
      { nonce: 'n' },
      { nonce: '' },
      { nonce: null },
      { nonce: 'n', typ: 'Bearer ' },
      { at_hash: hash },
      { c_hash: hash },
      { s_hash: hash },
      { at_hash: null },
      { typ: 'Bearer', at_hash: hash },
      { events: {} },
      { events: [] },
      { token_introspection: {} },
      { token_use: 'access', nonce: 'n' },
    ]),
  )('[RS-8725-3.12-a] $written is none', async ({ value }) => {
    await expectRefused(lenient, untyped(value), typeRefused);
    // That it also says at+jwt does not make it one.
    await expectRefused(lenient, arena.forge.token({ claims: value }), typeRefused);
  });
});
