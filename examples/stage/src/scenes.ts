import type { AccessErrorCode } from '@resource-server/core';
import { audience, type Stage } from './stage.js';

/** One request of the demo and the answer it must get. */
export interface Scene {
  readonly sent: string;
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  /** The lines of the Authorization header; none by default. */
  readonly authorization?: readonly string[];
  readonly status: number;
  /** What the refusal must be known as inside; absent where the request is admitted. */
  readonly code?: AccessErrorCode;
  /** What the challenge must be, without its description; absent where there is none. */
  readonly challenge?: string;
  readonly why: string;
}

const invalidToken = 'Bearer realm="api", error="invalid_token"';
const invalidRequest = 'Bearer realm="api", error="invalid_request"';

/** Writes the play: mints every token it needs. */
export async function writeScenes({ issuer, absentIssuer }: Stage): Promise<readonly Scene[]> {
  const ada = { audience, subject: 'ada', scope: 'read' };
  const reader = `Bearer ${await issuer.token(ada)}`;
  const writer = `Bearer ${await issuer.token({ ...ada, scope: 'read write' })}`;
  const bad = async (token: Promise<string>) => [`Bearer ${await token}`];
  return [
    { sent: 'a token with scope read', authorization: [reader], status: 200, why: 'the route needs read' },
    { sent: 'a token with scope read write', method: 'POST', authorization: [writer], status: 201, why: 'needs both' },
    { sent: 'a token where none is needed', path: '/feed', authorization: [reader], status: 200, why: 'known: ada' },
    { sent: 'nothing where nothing is needed', path: '/feed', status: 200, why: 'optional credentials: nobody' },
    ...refusedCredentials(reader),
    {
      sent: 'a bad token where none is needed',
      path: '/feed',
      authorization: await bad(issuer.bad.expired(ada)),
      ...refusal(401, 'token_expired', invalidToken),
      why: 'optional does not mean that anything goes',
    },
    {
      sent: 'an expired token',
      authorization: await bad(issuer.bad.expired(ada)),
      ...refusal(401, 'token_expired', invalidToken),
      why: 'its hour is over, and the client may know',
    },
    {
      sent: 'a token for another API',
      authorization: await bad(issuer.bad.wrongAudience(ada)),
      ...refusal(401, 'audience_mismatch', invalidToken),
      why: 'genuine, but not meant for us',
    },
    {
      sent: 'a token of another issuer',
      authorization: await bad(issuer.bad.wrongIssuer(ada)),
      ...refusal(401, 'issuer_untrusted', invalidToken),
      why: 'no key is looked for, no network touched',
    },
    {
      sent: 'a token with changed claims',
      authorization: await bad(issuer.bad.tampered(ada)),
      ...refusal(401, 'signature_invalid', invalidToken),
      why: 'the signature covers every byte',
    },
    {
      sent: 'a token without signature (alg none)',
      authorization: await bad(issuer.bad.algNone(ada)),
      ...refusal(401, 'algorithm_refused', invalidToken),
      why: 'none is not an algorithm here',
    },
    {
      sent: 'HS256, signed with the public key',
      authorization: await bad(issuer.bad.hmacWithPublicKey(ada)),
      ...refusal(401, 'algorithm_refused', invalidToken),
      why: 'a public key is nobody’s secret',
    },
    {
      sent: 'an ID token',
      authorization: await bad(issuer.bad.idToken(ada)),
      ...refusal(401, 'type_refused', invalidToken),
      why: 'it says who signed in, not what they may do',
    },
    {
      sent: 'a token without the scope write',
      method: 'POST',
      authorization: [reader],
      ...refusal(403, 'scope_insufficient', 'Bearer realm="api", error="insufficient_scope", scope="read write"'),
      why: 'valid, and not enough; the scope says what is',
    },
    {
      sent: 'a token whose issuer is down',
      authorization: await bad(absentIssuer.token(ada)),
      ...refusal(503, 'keys_unavailable'),
      why: 'our trouble, not a bad token: never 401',
    },
  ];
}

function refusedCredentials(reader: string): readonly Scene[] {
  return [
    {
      sent: 'nothing',
      ...refusal(401, 'credentials_missing', 'Bearer realm="api"'),
      why: 'no credentials, so no error either',
    },
    {
      sent: 'Basic credentials',
      authorization: ['Basic YWRhOmxvdmVsYWNl'],
      ...refusal(401, 'credentials_missing', 'Bearer realm="api"'),
      why: 'a scheme we do not speak is no credential',
    },
    {
      sent: 'a good token, in the URL',
      path: `/reports?access_token=${reader.slice('Bearer '.length)}`,
      ...refusal(400, 'token_elsewhere', invalidRequest),
      why: 'URLs end up in logs and histories',
    },
    {
      sent: 'two Authorization lines',
      authorization: [reader, 'Bearer other'],
      ...refusal(400, 'credentials_repeated', invalidRequest),
      why: 'which one counts is nobody’s to guess',
    },
  ];
}

function refusal(
  status: number,
  code: AccessErrorCode,
  challenge?: string,
): Pick<Scene, 'status' | 'code' | 'challenge'> {
  return challenge === undefined ? { status, code } : { status, code, challenge };
}
