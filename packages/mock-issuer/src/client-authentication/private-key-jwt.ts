import { createLocalJWKSet, decodeJwt, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { signatureAlgorithms } from '../algorithms.js';
import type { ClientJwks } from '../clients/public-jwks.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest, type OAuthError } from '../http/oauth-error.js';
import { jwtProblem } from '../jwt-problem.js';
import type { ReplayStore } from '../stores/replay-store.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';

/** What assertions are judged by. */
export interface AssertionContext {
  readonly issuer: string;
  readonly nowSeconds: () => number;
  readonly used: ReplayStore;
  /** The keys of a client, wherever they are. @throws OAuthError invalid_client when they cannot be had. */
  readonly keysOf: (client: RegisteredClient) => Promise<ClientJwks>;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** RFC 10070 section 4 has a `typ` for assertions and leaves it optional. */
const TYPES: ReadonlySet<string> = new Set(['jwt', 'client-authentication+jwt']);

/**
 * private_key_jwt (RFC 7523 sections 2.2 and 3, as RFC 10070 has it): a JWT that the client signed for us alone, good for one request.
 *
 * @throws OAuthError when there is an assertion that nobody could have sent rightly.
 */
export function privateKeyJwt({ form }: Exchange, context: AssertionContext): Credentials | undefined {
  const [assertion, type] = [form.one('client_assertion'), form.one('client_assertion_type')];
  if (assertion === undefined && type === undefined) return undefined;
  if (assertion === undefined) throw invalidRequest('there is a client_assertion_type and no client_assertion');
  if (type !== ASSERTION_TYPE) throw invalidRequest(`client_assertion_type must be ${ASSERTION_TYPE}`);
  return {
    method: 'private_key_jwt',
    clientId: subjectOf(assertion),
    verify: (client) => verify(assertion, client, context),
  };
}

/** Who signed, by the assertion's own account. */
function subjectOf(assertion: string): string {
  try {
    const { sub } = decodeJwt(assertion);
    if (typeof sub === 'string' && sub !== '') return sub;
  } catch (error) {
    throw refused(error);
  }
  throw invalidClient('client_assertion: the claim sub must be the client_id');
}

async function verify(assertion: string, client: RegisteredClient, context: AssertionContext): Promise<void> {
  const now = context.nowSeconds();
  const { payload, protectedHeader } = await signedByClient(assertion, client, {
    now,
    jwks: await context.keysOf(client),
  });
  const typ = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
  if (typ !== undefined && !TYPES.has(typ)) throw invalidClient(`client_assertion: its typ is '${typ}'`);
  assertForUs(payload, context.issuer);
  // A jti that was used stays used for as long as its assertion could be sent again.
  if (!context.used.isFirstUse(`${client.id} ${payload.jti}`, payload.exp ?? now, now)) {
    throw invalidClient('client_assertion: its jti was used before');
  }
}

async function signedByClient(
  assertion: string,
  client: RegisteredClient,
  { now, jwks }: { now: number; jwks: ClientJwks },
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(assertion, createLocalJWKSet({ keys: [...jwks.keys] }), {
      algorithms: client.assertionAlg === undefined ? [...signatureAlgorithms] : [client.assertionAlg],
      issuer: client.id,
      subject: client.id,
      requiredClaims: ['aud', 'exp', 'jti'],
      currentDate: new Date(now * 1000),
    });
  } catch (error) {
    throw refused(error);
  }
}

/** RFC 10070 section 4: the issuer identifier and nothing beside it; the address of an endpoint is what another server could reuse. */
function assertForUs({ aud, jti }: JWTPayload, issuer: string): void {
  const audiences = [aud].flat();
  if (audiences.length !== 1 || audiences[0] !== issuer) {
    throw invalidClient(`client_assertion: aud must be the issuer identifier ${issuer} and nothing else (RFC 10070)`);
  }
  if (typeof jti !== 'string' || jti === '') throw invalidClient('client_assertion: jti must be a string, not empty');
}

function refused(error: unknown): OAuthError {
  return invalidClient(`client_assertion: ${jwtProblem(error)}`);
}
