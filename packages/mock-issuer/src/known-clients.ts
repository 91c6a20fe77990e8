import { invalidClient } from './client-authentication/invalid-client.js';
import { documentedClient } from './client-documents/client-documents.js';
import { looksLikeUrl } from './client-documents/client-id-url.js';
import { keysOf } from './client-documents/client-keys.js';
import { DocumentDoor } from './client-documents/document-door.js';
import type { RegistrationTerms } from './clients/client-metadata.js';
import type { Clients } from './clients/clients.js';
import type { ClientJwks } from './clients/public-jwks.js';
import type { RegisteredClient } from './clients/registered-client.js';
import { isLoopback } from './http/listener.js';
import type { Settings } from './options.js';
import type { Store } from './state/persistent.js';
import { ClientDocumentStore } from './stores/client-document-store.js';
import type { ClientStore } from './stores/client-store.js';
import { RegistrationStore } from './stores/registration-store.js';

/** What clients are known by. */
interface KnownClientsGround {
  /** Those that were there when the issuer was made. */
  readonly made: ClientStore;
  /** The grants there are. */
  readonly grantTypes: () => readonly string[];
  readonly nowSeconds: () => number;
}

/** Everybody who is known, and how others come to be. */
export interface KnownClients {
  readonly clients: Clients;
  /** Those that registered themselves. */
  readonly registrations: RegistrationStore;
  readonly registrationTerms: () => RegistrationTerms;
  readonly keysOf: (client: RegisteredClient) => Promise<ClientJwks>;
  /** What remembers those that were not there when the issuer was made. */
  readonly stores: Readonly<Record<string, Store>>;
}

/** Clients of the options, clients that registered themselves, and clients that have a document about them, looked for in this order. */
export function knownClients(settings: Settings, { made, grantTypes, nowSeconds }: KnownClientsGround): KnownClients {
  const { address, authenticationMethods: methods, clientDocumentHosts: hosts } = settings;
  const { clientIdMetadataDocuments, users } = settings;
  // On an issuer that other machines reach, they could look around on this one.
  const door = new DocumentDoor({ loopback: isLoopback(address), hosts });
  const registrations = new RegistrationStore();
  const documents = new ClientDocumentStore();
  // RFC 7591 section 2 has the default.
  const terms = (): RegistrationTerms => ({ methods, grantTypes: grantTypes(), defaultMethod: 'client_secret_basic' });
  const find: Clients['find'] = async (id) => {
    const known = made.find(id) ?? registrations.find(id);
    if (known !== undefined || !clientIdMetadataDocuments || !looksLikeUrl(id)) return known;
    // RFC 9068 section 2.2: a client is its own subject, and must not be taken for a user.
    if (users.some(({ sub }) => sub === id)) throw invalidClient(`the client_id '${id}' is the sub of a user`);
    return documentedClient(id, { door, store: documents, terms, nowSeconds });
  };
  return {
    clients: { find },
    registrations,
    registrationTerms: terms,
    keysOf: (client) => keysOf(client, door),
    stores: { registrations, clientDocuments: documents },
  };
}
