import { isFilled, isObject, type JsonObject } from '../judge.js';
import { systemCode } from '../system-code.js';
import type { TokenCommand } from './command.js';
import { CommandError } from './command-error.js';
import { credentialsOf } from './serve-options.js';

/** An access token of a running issuer, by the grant client_credentials (RFC 6749 section 4.4). */
export async function fetchToken(command: TokenCommand): Promise<string> {
  const { issuer } = command;
  const request = requestOf(command);
  const metadata = await json(issuer, `${issuer}/.well-known/openid-configuration`);
  const endpoint = metadata['token_endpoint'];
  // RFC 8414 section 3.3: what says it is another issuer is not to be used.
  if (metadata['issuer'] !== issuer || !isFilled(endpoint)) {
    throw CommandError.failure(`what answers at ${issuer} is no issuer of that name`);
  }
  const { access_token: token, ...refusal } = await json(issuer, endpoint, request);
  if (isFilled(token)) return printable(token, issuer);
  throw CommandError.failure(`${issuer} refuses: ${refusal['error']}: ${refusal['error_description']}`);
}

/** RFC 6750 section 2.1: a shell puts it into a header, where another line would be another header. */
function printable(token: string, issuer: string): string {
  if (/^[\w.~+/-]+=*$/.test(token)) return token;
  throw CommandError.failure(`what ${issuer} gives is no access token`);
}

function requestOf({ client, scope, audience }: TokenCommand): RequestInit {
  const { id, secret } = credentialsOf(client);
  if (secret === undefined) throw CommandError.usage('--client must be ID:SECRET; public clients get no such token');
  const form = {
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { resource: audience }),
  };
  const credentials = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  return { method: 'POST', body: new URLSearchParams(form), headers: { authorization: `Basic ${credentials}` } };
}

async function json(issuer: string, url: string, request: RequestInit = {}): Promise<JsonObject> {
  try {
    const body: unknown = await (await fetch(url, { ...request, redirect: 'error' })).json();
    if (isObject(body)) return body;
  } catch (error) {
    const code = error instanceof Error ? systemCode(error.cause) : undefined;
    if (code?.includes('CERT') === true) {
      const advice = 'name the file of its authority in the environment variable NODE_EXTRA_CA_CERTS';
      throw CommandError.failure(`the certificate of ${issuer} is not trusted (${code}); ${advice}`, error);
    }
    throw CommandError.failure(`nothing that is an issuer answers at ${issuer}; start one with mock-issuer`, error);
  }
  throw CommandError.failure(`what answers at ${issuer} is no issuer`);
}
