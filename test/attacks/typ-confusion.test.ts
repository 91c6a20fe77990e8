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
import { type Fixture, jwksOf, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: JWTs that the same issuer signs with the same key for other purposes. Each one here has
 * all claims of an access token too, so that only its kind is the reason for the refusal.
 */

let fixture: Fixture;
let applications: Applications;
/** Requires RFC 9068. */
let strict: ResourceServer;
/** Accepts issuers that predate RFC 9068. */
let lenient: ResourceServer;

beforeAll(async () => {
  fixture = await openFixture();
  strict = fixture.server;
  lenient = createResourceServer(lenientOptions());
  applications = await startApplications(lenientOptions());
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

function lenientOptions() {
  return {
    issuer: { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer), tokenProfile: 'jwt' },
    audience,
  } as const;
}

const typeRefused = badToken('type_refused');
const hash = createHash('sha256').update('token').digest().subarray(0, 16).toString('base64url');

/** Another kind of JWT. */
interface Kind {
  readonly name: string;
  /** The `typ` that its specification assigns. */
  readonly typ?: string;
  /** Whether its claims alone identify it, so that no profile accepts it without `typ`. */
  readonly isMarked?: true;
  /** Its claims, as its specification defines them. */
  readonly claims: (issuer: string) => Members;
  /**
   * The refusal of such a JWT without `typ` and without access token claims, where `typ` may be
   * absent.
   */
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
    name: 'ID token with a typ',
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

/** A JWT with the claims of its kind and all claims of an access token. */
function withAccessTokenClaims({ claims }: Kind, typ: string | undefined): string {
  const { forge } = fixture;
  return forge.token({ header: { typ }, claims: { ...claims(forge.issuer), ...forge.claims() } });
}

describe('other kinds of JWT', () => {
  it('an access token is accepted, in either profile', async () => {
    await expectAccepted(strict, fixture.forge.token());
    await expectAccepted(lenient, fixture.forge.token());
    for (const typ of ['JWT', undefined]) await expectAccepted(lenient, fixture.forge.token({ header: { typ } }));
  });

  it.each(kinds)(
    'a JWT of another kind is no RFC 9068 access token, whatever its typ: $name [RS-8725-3.12-a] [RS-9068-5-a]',
    async (kind) => {
      for (const typ of [kind.typ ?? 'JWT', 'JWT', undefined]) {
        await expectRefused(strict, withAccessTokenClaims(kind, typ), typeRefused);
      }
    },
  );

  it.each(typed)(
    'a JWT with the typ of another kind is accepted by no profile: $typ [RS-8725-3.11-b] [RS-8725-3.12-a]',
    async (kind) => {
      for (const typ of [kind.typ, kind.typ.toUpperCase(), `application/${kind.typ}`]) {
        for (const server of [strict, lenient])
          await expectRefused(server, withAccessTokenClaims(kind, typ), typeRefused);
      }
    },
  );

  it.each(kinds.filter(({ isMarked }) => isMarked))(
    'a JWT whose claims identify another kind is accepted by no profile: $name [RS-8725-3.12-a]',
    async (kind) => {
      for (const typ of ['JWT', undefined, 'application/jwt']) {
        await expectRefused(lenient, withAccessTokenClaims(kind, typ), typeRefused);
      }
    },
  );

  it.each(kinds)('a JWT of another kind without typ is accepted by no profile: $name', async ({ claims, untyped }) => {
    const { forge } = fixture;
    for (const header of [forge.header({ typ: undefined }), forge.header({ typ: 'JWT' })]) {
      const token = signCompact(header, claims(forge.issuer), forge.signer);
      await expectRefused(lenient, token, badToken(untyped));
    }
  });

  it('a JWT of another kind is refused in every framework [RS-8725-3.12-a]', async () => {
    await applications.expectRefused(await fixture.issuer.bad.idToken(), typeRefused);
    await applications.expectRefused(await fixture.issuer.bad.logoutToken(), typeRefused);
    await applications.expectRefused(await fixture.issuer.bad.wrongType(), typeRefused);
    await applications.expectAccepted(await fixture.issuer.bad.plainJwt());
    await applications.expectAccepted(fixture.forge.token());
  });
});

describe('the header parameter typ', () => {
  it.each(['at+jwt', 'at+JWT', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+JWT', 'APPLICATION/AT+JWT'])(
    'the typ %s is accepted as an access token [RS-7515-4.1.9-a] [RS-8725-3.11-a] [RS-9068-4-a] [RS-9068-4-b]',
    async (typ) => {
      for (const server of [strict, lenient]) await expectAccepted(server, fixture.forge.token({ header: { typ } }));
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
    'the typ $written is refused, in either profile [RS-9068-4-a] [RS-8725-3.11-b]',
    async ({ value: typ }) => {
      for (const server of [strict, lenient]) {
        await expectRefused(server, fixture.forge.token({ header: { typ } }), typeRefused);
      }
    },
  );

  it.each(rows([undefined, 'JWT', 'jwt', 'application/jwt', 'Application/JWT']))(
    'the typ $written is refused by the profile rfc9068 and accepted by the profile jwt [RS-9068-4-a]',
    async ({ value: typ }) => {
      await expectRefused(strict, fixture.forge.token({ header: { typ } }), typeRefused);
      await expectAccepted(lenient, fixture.forge.token({ header: { typ } }));
    },
  );

  it.each(rows<unknown>([null, 0, 1, true, false, [], ['at+jwt'], {}, { toString: 'at+jwt' }]))(
    'a typ that is $written, not a string, refuses the token',
    async ({ value: typ }) => {
      for (const server of [strict, lenient]) {
        await expectRefused(server, fixture.forge.token({ header: { typ } }), badToken('token_malformed'));
      }
    },
  );

  it('a typ in the claims, or under another name in the header, does not count [RS-9068-4-a]', async () => {
    const header = { typ: undefined, Typ: 'at+jwt', cty: 'at+jwt', token_type: 'at+jwt' };
    await expectRefused(strict, fixture.forge.token({ header, claims: { typ: 'at+jwt' } }), typeRefused);
  });
});

describe('token kinds in the claims of older issuers', () => {
  const untyped = (claims: Members) => fixture.forge.token({ header: { typ: 'JWT' }, claims });

  it.each(
    rows<Members>([
      { token_use: 'access' },
      { typ: 'Bearer' },
      { typ: 'Bearer', nonce: 'n' },
      { typ: 'bearer', nonce: 'n' },
    ]),
  )('with the claims $written a token is accepted as an access token', async ({ value }) => {
    await expectAccepted(lenient, untyped(value));
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
  )('with the claims $written a token is refused as another kind [RS-8725-3.12-a]', async ({ value }) => {
    await expectRefused(lenient, untyped(value), typeRefused);
    // The typ at+jwt does not override such a claim.
    await expectRefused(lenient, fixture.forge.token({ claims: value }), typeRefused);
  });
});
