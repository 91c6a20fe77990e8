import { registeredClient } from './clients/registered-client.js';
import type { Settings } from './options.js';
import { randomText } from './random.js';
import type { ClientStore } from './stores/client-store.js';

/** Credentials for introspection, under the names that a server under test has for them. */
export interface ResourceServerCredentials {
  readonly method: 'client_secret_basic';
  readonly clientId: string;
  /** 256 random bits in base64url, others for each issuer; a state file keeps them. */
  readonly clientSecret: string;
}

const OWN_RESOURCE_SERVER = 'resource-server';

/** Registers everybody, and the issuer's own resource server. @throws TypeError when a client_id comes twice. */
export function registerAll(store: ClientStore, { alg, clients, resourceServers, random }: Settings): void {
  store.addKept(
    registeredClient('resource-server', {
      client_id: OWN_RESOURCE_SERVER,
      client_secret: randomText(random, 'secret'),
      introspection_signed_response_alg: alg,
    }),
  );
  for (const one of clients) store.add(registeredClient('client', one));
  for (const one of resourceServers) store.add(registeredClient('resource-server', one));
}

/** Those of the issuer's own resource server, from this run or an earlier one. */
export function credentialsIn(store: ClientStore): ResourceServerCredentials {
  const clientSecret = store.find(OWN_RESOURCE_SERVER)?.secret ?? '';
  return Object.freeze({ method: 'client_secret_basic', clientId: OWN_RESOURCE_SERVER, clientSecret });
}
