import { badToken } from '../expected.js';
import { ada, type SuiteCase, withAuthorization } from '../suite-case.js';
import type { World } from '../world.js';

interface Kind {
  readonly typ: string | undefined;
  /** Claims of such a token, in addition to those of an access token. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Other kinds of JWT that an issuer signs with the same key. */
const otherKinds: Readonly<Record<string, Kind>> = {
  'ID token': { typ: 'JWT', claims: { nonce: 'n', at_hash: 'h', auth_time: 1 } },
  'logout token': { typ: 'logout+jwt', claims: { sid: 's' } },
  'security event token': { typ: 'secevent+jwt', claims: { events: {} } },
  'introspection response': { typ: 'token-introspection+jwt', claims: { token_introspection: { active: true } } },
  'status list': { typ: 'statuslist+jwt', claims: { status_list: { bits: 1, lst: 'eNoDAAAAAAE' } } },
  'authorization response': { typ: 'JWT', claims: { code: 'c', state: 's' } },
  'client assertion': { typ: 'client-authentication+jwt' },
  'request object': { typ: 'oauth-authz-req+jwt', claims: { response_type: 'code' } },
  'transaction token': { typ: 'txntoken+jwt', claims: { txn: 't' } },
  'DPoP proof': { typ: 'dpop+jwt', claims: { htm: 'GET', htu: 'https://api.example.com/any' } },
  'identity assertion grant': { typ: 'oauth-id-jag+jwt' },
};

/** The kind of a token, by its typ and its claims. */
export const tokenKindCases: readonly SuiteCase[] = [
  ...['at+jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt', 'Application/AT+JWT'].map(
    (typ): SuiteCase => ({
      name: `typ ${typ} is accepted as an access token [RS-9068-4-a] [RS-9068-4-b] [RS-7515-4.1.9-a] [RS-8725-3.11-a]`,
      onlyFor: 'jwt',
      request: (world) => ofKind(world, { typ }),
      expect: ada('read'),
    }),
  ),
  ...[undefined, 'JWT', 'at+jwt+x', 'jwt', 'application/json', 'id_token+jwt'].map(
    (typ): SuiteCase => ({
      name: `typ ${typ} is refused as an access token [RS-9068-4-a]`,
      onlyFor: 'jwt',
      request: (world) => ofKind(world, { typ }),
      expect: { refused: badToken('type_refused') },
    }),
  ),
  ...Object.entries(otherKinds).map(
    ([name, kind]): SuiteCase => ({
      name: `another kind of JWT with the same key and audience is refused: ${name} [RS-8725-3.12-a]`,
      onlyFor: 'jwt',
      request: (world) => ofKind(world, kind),
      expect: { refused: badToken('type_refused') },
    }),
  ),
  {
    name: 'an ID token for this API, signed with the key of access tokens, is refused [RS-9068-5-a]',
    onlyFor: 'jwt',
    request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.idToken()}`),
    expect: { refused: badToken('type_refused') },
  },
  {
    name: 'RS256 is accepted by default [RS-9068-2.1-a]',
    onlyFor: 'jwt',
    request: async ({ issuer }) =>
      withAuthorization(`Bearer ${await issuer.token({ subject: 'ada', scope: 'read', alg: 'RS256' })}`),
    expect: ada('read'),
  },
  ...['RSA-OAEP-256', 'RSA1_5', 'PBES2-HS256+A128KW', 'ECDH-ES', 'dir'].map(
    (alg): SuiteCase => ({
      name: `a JWE (${alg}) is not decrypted [RS-7518-JWE-a]`,
      request: () => withAuthorization(`Bearer ${jweHeader(alg)}.AAAA.AAAA.AAAA.AAAA`),
      expect: { jwt: { refused: badToken('token_opaque') }, opaque: { refused: badToken('token_inactive') } },
    }),
  ),
];

async function ofKind({ issuer }: World, { typ, claims = {} }: Kind) {
  const token = await issuer.token({ subject: 'ada', scope: 'read', header: { typ }, claims });
  return withAuthorization(`Bearer ${token}`);
}

function jweHeader(alg: string): string {
  return Buffer.from(JSON.stringify({ alg, enc: 'A256GCM', zip: 'DEF' })).toString('base64url');
}
