import { keySet } from '../endpoints/jwks.js';
import { statusListEndpoint } from '../endpoints/status-list.js';
import { jsonAnswer, privateAnswer } from '../http/answer.js';
import { invalidRequest } from '../http/oauth-error.js';
import type { Route } from '../http/routes.js';
import type { JsonObject } from '../judge.js';
import { errorPage } from '../pages/error-page.js';
import type { JwkSet } from '../signing-key.js';
import type { Site } from '../site.js';
import type { DocumentParts } from './documents.js';
import type { Place } from './place.js';

/** What decoys stand on. */
export interface DecoyParts extends DocumentParts {
  readonly decoyToken: () => Promise<string>;
  /** Keys of an attacker under our kids: what a client gets that follows a token's `jku`. */
  readonly attackerJwks: () => Promise<JwkSet>;
}

/** Decoys answer what a client that should not have come hopes for, so that its mistake is seen in what it accepts, too. */
export function decoys(site: Site, parts: DecoyParts, metadata: JsonObject): readonly Place[] {
  const decoy = (name: string, answer: Route['answer']): Place => [
    `${site.path}/decoy/${name}`,
    { names: ['decoy'], method: 'GET', answer },
  ];
  const token = () => ({ token_type: 'Bearer', ...parts.mint.claims() });
  return [
    decoy('jwks', async () => keySet(await parts.jwks(), parts.jwksCacheControl)),
    decoy('discovery', () => jsonAnswer(200, metadata)),
    decoy('attacker-jwks', async () => keySet(await parts.attackerJwks())),
    decoy('statusList', statusListEndpoint(site, parts)),
    decoy('introspection', () => jsonAnswer(200, { active: true, ...token() })),
    decoy('authorization', () => errorPage(invalidRequest('this is a decoy'))),
    decoy('par', () => jsonAnswer(201, { request_uri: 'urn:ietf:params:oauth:request_uri:decoy', expires_in: 60 })),
    decoy('registration', () => jsonAnswer(201, { client_id: 'decoy', token_endpoint_auth_method: 'none' })),
    decoy('revocation', () => privateAnswer(200, '')),
    decoy('deviceAuthorization', () => jsonAnswer(200, decoyDevice(site))),
    decoy('token', async () => jsonAnswer(200, { access_token: await parts.decoyToken(), token_type: 'Bearer' })),
  ];
}

/** Codes that nobody was given. */
function decoyDevice({ verificationUri: verification_uri }: Site): JsonObject {
  return { device_code: 'decoy', user_code: 'DCXY-DCXY', verification_uri, expires_in: 60, interval: 5 };
}
