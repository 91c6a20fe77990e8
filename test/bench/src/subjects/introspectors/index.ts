import type { Introspector } from './introspector.js';
import { oauth4webapi } from './oauth4webapi.js';
import { openidClient } from './openid-client.js';
import { resourceServerIntrospection } from './resource-server.js';

/** All subjects that introspect opaque tokens, in the order of the tables. */
export const introspectors: readonly Introspector[] = [resourceServerIntrospection, oauth4webapi, openidClient];
