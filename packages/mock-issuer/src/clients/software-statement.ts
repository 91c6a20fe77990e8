import { decodeJwt } from 'jose';
import { OAuthError } from '../http/oauth-error.js';

/**
 * There is nobody whose software statements count here (RFC 7591 section 2.3). To leave one out of account would be to register less than
 * what was asked for, so that it is refused.
 *
 * @throws OAuthError invalid_software_statement for what is no JWT with an issuer, and unapproved_software_statement for every other.
 */
export function assertNoSoftwareStatement(statement: unknown): void {
  if (statement === undefined) return;
  const issuer = issuerOf(statement);
  if (issuer === undefined) {
    throw new OAuthError('invalid_software_statement', "'software_statement' must be a JWT with the claim iss");
  }
  throw new OAuthError(
    'unapproved_software_statement',
    `'software_statement' is by '${issuer}', and this issuer approves of nobody's`,
  );
}

function issuerOf(statement: unknown): string | undefined {
  try {
    const { iss } = decodeJwt(String(statement));
    return typeof iss === 'string' && iss !== '' ? iss : undefined;
  } catch {
    return undefined;
  }
}
