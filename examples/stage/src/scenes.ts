import type { AccessErrorCode } from '@resource-server/core';
import { audience, type Stage } from './stage.js';

/** One request of the demo and the expected response. */
export interface Scene {
  readonly sent: string;
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  /** The Authorization header fields; none by default. */
  readonly authorization?: readonly string[];
  readonly status: number;
  /** The expected error code in the diagnostics; absent when the request is accepted. */
  readonly code?: AccessErrorCode;
  /** The expected challenge without its description; absent when there is none. */
  readonly challenge?: string;
  readonly why: string;
}

const invalidToken = 'Bearer realm="api", error="invalid_token"';
const invalidRequest = 'Bearer realm="api", error="invalid_request"';

/** Returns all scenes, with newly minted tokens. */
export async function writeScenes({ issuer, absentIssuer }: Stage): Promise<readonly Scene[]> {
  const ada = { audience, subject: 'ada', scope: 'read' };
  const reader = `Bearer ${await issuer.token(ada)}`;
  const writer = `Bearer ${await issuer.token({ ...ada, scope: 'read write' })}`;
  const bad = async (token: Promise<string>) => [`Bearer ${await token}`];
  return [
    { sent: 'a token with scope read', authorization: [reader], status: 200, why: 'the route requires read' },
    {
      sent: 'a token with scope read write',
      method: 'POST',
      authorization: [writer],
      status: 201,
      why: 'requires both',
    },
    { sent: 'a token on an optional route', path: '/feed', authorization: [reader], status: 200, why: 'reader: ada' },
    { sent: 'no credentials, optional route', path: '/feed', status: 200, why: 'optional credentials: anonymous' },
    ...refusedCredentials(reader),
    {
      sent: 'a bad token on an optional route',
      path: '/feed',
      authorization: await bad(issuer.bad.expired(ada)),
      ...refusal(401, 'token_expired', invalidToken),
      why: 'optional credentials must be valid if present',
    },
    {
      sent: 'an expired token',
      authorization: await bad(issuer.bad.expired(ada)),
      ...refusal(401, 'token_expired', invalidToken),
      why: 'its lifetime has ended; the client is told',
    },
    {
      sent: 'a token for another API',
      authorization: await bad(issuer.bad.wrongAudience(ada)),
      ...refusal(401, 'audience_mismatch', invalidToken),
      why: 'a genuine token, but not for this API',
    },
    {
      sent: 'a token of another issuer',
      authorization: await bad(issuer.bad.wrongIssuer(ada)),
      ...refusal(401, 'issuer_untrusted', invalidToken),
      why: 'refused without any network access',
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
      why: 'none is not a supported algorithm',
    },
    {
      sent: 'HS256, signed with the public key',
      authorization: await bad(issuer.bad.hmacWithPublicKey(ada)),
      ...refusal(401, 'algorithm_refused', invalidToken),
      why: 'a public key is not a secret',
    },
    {
      sent: 'an ID token',
      authorization: await bad(issuer.bad.idToken(ada)),
      ...refusal(401, 'type_refused', invalidToken),
      why: 'it tells the client who signed in, no more',
    },
    {
      sent: 'a token without the scope write',
      method: 'POST',
      authorization: [reader],
      ...refusal(403, 'scope_insufficient', 'Bearer realm="api", error="insufficient_scope", scope="read write"'),
      why: 'a valid token, but the scope is insufficient',
    },
    {
      sent: 'a token of an issuer that is down',
      authorization: await bad(absentIssuer.token(ada)),
      ...refusal(503, 'keys_unavailable'),
      why: 'a server error, not a bad token: never 401',
    },
  ];
}

function refusedCredentials(reader: string): readonly Scene[] {
  return [
    {
      sent: 'no credentials',
      ...refusal(401, 'credentials_missing', 'Bearer realm="api"'),
      why: 'no credentials, so no error code',
    },
    {
      sent: 'Basic credentials',
      authorization: ['Basic YWRhOmxvdmVsYWNl'],
      ...refusal(401, 'credentials_missing', 'Bearer realm="api"'),
      why: 'an unsupported scheme counts as none',
    },
    {
      sent: 'a valid token, in the URL',
      path: `/reports?access_token=${reader.slice('Bearer '.length)}`,
      ...refusal(400, 'token_elsewhere', invalidRequest),
      why: 'URLs are stored in logs and histories',
    },
    {
      sent: 'two Authorization headers',
      authorization: [reader, 'Bearer other'],
      ...refusal(400, 'credentials_repeated', invalidRequest),
      why: 'the server must not choose one of them',
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
