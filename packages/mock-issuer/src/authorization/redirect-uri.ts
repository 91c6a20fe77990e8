import type { RegisteredClient } from '../clients/registered-client.js';
import type { Form } from '../http/form.js';
import { invalidRequest } from '../http/oauth-error.js';

/** An http address of this machine by its IP, apart from its port. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:[/?].*)?)$/;

/**
 * Where the user of a request goes back to: one of the registered addresses to the letter (RFC 9700 section 2.1), but for the port of a
 * loopback IP, which a native app cannot know beforehand (RFC 8252 section 7.3). To a client with a metadata document that does not apply
 * (draft-ietf-oauth-client-id-metadata-document section 4.2).
 *
 * @throws OAuthError invalid_request, which must not be sent to any of them.
 */
export function requestedRedirectUri(form: Form, { id, redirectUris, isDocumented }: RegisteredClient): string {
  const [only, ...others] = redirectUris;
  if (only === undefined) throw invalidRequest(`the client '${id}' is registered without redirect_uris`);
  const given = form.one('redirect_uri');
  if (given === undefined) {
    if (others.length === 0) return only;
    throw invalidRequest(`the parameter redirect_uri is missing, and the client '${id}' has more than one`);
  }
  if (redirectUris.includes(given)) return given;
  if (!isDocumented && redirectUris.some((registered) => isSameLoopback(registered, given))) return given;
  const reasons = redirectUris.map((registered) => difference(given, registered));
  throw invalidRequest(
    reasons.find((reason) => reason !== undefined) ??
      `the redirect_uri '${given}' is none of those of the client '${id}': ${redirectUris.join(' ')}`,
  );
}

function isSameLoopback(registered: string, given: string): boolean {
  const [one, other] = [LOOPBACK.exec(registered), LOOPBACK.exec(given)];
  return one !== null && other !== null && one[1] === other[1] && one[2] === other[2] && URL.canParse(given);
}

/** Parts of an address by what people call them. */
const parts: readonly [name: string, of: (url: URL) => string][] = [
  ['scheme', (url) => url.protocol],
  ['host', (url) => url.hostname],
  ['port', (url) => url.port],
  ['path', (url) => url.pathname],
  ['query', (url) => url.search],
  ['fragment', (url) => url.hash],
];

/** In what the two differ, where it is one thing and no more. */
function difference(given: string, registered: string): string | undefined {
  const versus = `the redirect_uri '${given}' differs from the registered '${registered}'`;
  if (given === `${registered}/` || `${given}/` === registered) return `${versus} by a slash at the end`;
  if (given.toLowerCase() === registered.toLowerCase()) return `${versus} by upper and lower case`;
  if (!URL.canParse(given)) return undefined;
  const [one, other] = [new URL(given), new URL(registered)];
  const found = parts.filter(([, of]) => of(one) !== of(other)).map(([name]) => name);
  if (found.length === 0) return `${versus} in how it is written; the two must be the same to the letter`;
  return found.length === 1 ? `${versus} by its ${found[0]}` : undefined;
}
