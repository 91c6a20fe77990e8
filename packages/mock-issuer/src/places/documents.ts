import { jwksEndpoint } from '../endpoints/jwks.js';
import { type StatusListParts, statusListEndpoint } from '../endpoints/status-list.js';
import type { JwkSet } from '../signing-key.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** What the documents stand on. */
export interface DocumentParts extends StatusListParts {
  readonly jwks: () => Promise<JwkSet>;
  readonly jwksCacheControl: string | undefined;
}

/** What anybody may read. */
export function documents(site: Site, parts: DocumentParts): readonly Place[] {
  const jwks = jwksEndpoint(parts.jwks, parts.jwksCacheControl, parts.faults);
  return [
    [
      `${site.path}/jwks`,
      { names: ['jwks'], method: 'GET', faultsOf: 'jwks', answer: jwks, metadata: { jwks_uri: site.jwksUri } },
    ],
    [
      `${site.path}/statuslists/1`,
      { names: ['statusList'], method: 'GET', faultsOf: 'statusList', answer: statusListEndpoint(site, parts) },
    ],
  ];
}
