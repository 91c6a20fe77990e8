/** The parts of a URL as they are written: `URL` would take dots out of the path. */
const WRITTEN = /^(https?):\/\/([^/?#]+)([^?#]*)/;

/** A segment of one dot or two, percent-encoded or not. */
const DOTS = /^(?:\.|%2e){1,2}$/i;

/** Whether a client_id may be meant as the address of a document. */
export function looksLikeUrl(clientId: string): boolean {
  return /^https?:/i.test(clientId);
}

/**
 * What is wrong with a Client Identifier URL (draft-ietf-oauth-client-id-metadata-document section 3). Whether it is https, and whether it may
 * be fetched, is judged where everything is that is fetched.
 */
export function clientIdUrlFault(clientId: string): string | undefined {
  const [, , authority = '', path = ''] = WRITTEN.exec(clientId) ?? [];
  if (authority === '' || /[\\\s]/.test(clientId) || !URL.canParse(clientId))
    return 'is no URL that can be a client_id';
  if (authority.includes('@')) return 'must have no user name and no password';
  if (path === '') return 'must have a path';
  if (path.split('/').some((segment) => DOTS.test(segment))) return 'must have no dot segments in its path';
  if (clientId.includes('#')) return 'must have no fragment';
  return undefined;
}
