import { invalidClient } from '../client-authentication/invalid-client.js';
import { judgeClientMetadata, type RegistrationTerms } from '../clients/client-metadata.js';
import { type RegisteredClient, registeredClient } from '../clients/registered-client.js';
import { OAuthError } from '../http/oauth-error.js';
import { isObject } from '../judge.js';
import type { ClientDocumentStore } from '../stores/client-document-store.js';
import { clientIdUrlFault } from './client-id-url.js';
import type { DocumentDoor } from './document-door.js';

/** draft-ietf-oauth-client-id-metadata-document section 8.7. */
const MAX_BYTES = 5 * 1024;
/** Seconds that a document is good for which does not say, and the most that one can ask for. */
const FRESH_SECONDS = 300;
const MAX_FRESH_SECONDS = 3600;

/** What documents are fetched and judged with. */
interface ClientDocumentParts {
  readonly door: DocumentDoor;
  readonly store: ClientDocumentStore;
  readonly terms: () => RegistrationTerms;
  readonly nowSeconds: () => number;
}

/**
 * The client whose client_id is the address of its metadata (draft-ietf-oauth-client-id-metadata-document); fetched, or as it was when it was fetched
 * a little while ago. What is wrong is not remembered (section 5.2).
 *
 * @throws OAuthError invalid_client saying what is wrong with the address or the document.
 */
export async function documentedClient(clientId: string, parts: ClientDocumentParts): Promise<RegisteredClient> {
  const kept = parts.store.find(clientId);
  const now = parts.nowSeconds();
  if (kept !== undefined && now < kept.expiresAtSeconds) return kept.client;
  const fault = clientIdUrlFault(clientId);
  if (fault !== undefined) throw invalidClient(`the client_id '${clientId}' ${fault}`);
  const { json, cacheControl } = await parts.door.fetchJson(clientId, MAX_BYTES);
  const client = clientOf(clientId, json, parts.terms());
  parts.store.put(clientId, { client, expiresAtSeconds: now + freshSeconds(cacheControl) });
  return client;
}

function clientOf(client_id: string, json: unknown, { methods, grantTypes }: RegistrationTerms): RegisteredClient {
  if (!isObject(json) || json['client_id'] !== client_id) {
    throw invalidClient(`the document at '${client_id}' must have that for its client_id, to the letter`);
  }
  const secret = ['client_secret', 'client_secret_expires_at'].find((name) => json[name] !== undefined);
  if (secret !== undefined) throw invalidClient(`the document at '${client_id}' must not have '${secret}'`);
  // What everybody can read is no secret, so that who names no method has none (section 4.1).
  const secretless = methods.filter((method) => !method.startsWith('client_secret'));
  try {
    const metadata = judgeClientMetadata(json, { methods: secretless, grantTypes, defaultMethod: 'none' });
    return { ...registeredClient('client', { ...metadata, client_id }), isDocumented: true };
  } catch (error) {
    if (error instanceof OAuthError) throw invalidClient(`the document at '${client_id}': ${error.message}`);
    throw error;
  }
}

function freshSeconds(cacheControl = ''): number {
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(cacheControl)) return 0;
  const [, asked] = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(cacheControl) ?? [];
  return asked === undefined ? FRESH_SECONDS : Math.min(Number(asked), MAX_FRESH_SECONDS);
}
