import { discoveryEndpoint } from '../endpoints/discovery.js';
import type { FaultBoard } from '../faults/faults.js';
import type { Endpoint } from '../http/request-log.js';
import type { Route } from '../http/routes.js';
import type { JsonObject } from '../judge.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** The discovery documents, which say this. */
export function discovery({ path }: Site, faults: FaultBoard, metadata: JsonObject): readonly Place[] {
  const answer = discoveryEndpoint(metadata, faults);
  const route = (name: Endpoint): Route => ({
    names: ['discovery', name],
    method: 'GET',
    faultsOf: 'discovery',
    answer,
  });
  return [
    // RFC 8414 section 3.1 puts the path behind the well-known part, OpenID Discovery section 4 before it; section 5 of the RFC knows both.
    [`/.well-known/oauth-authorization-server${path}`, route('oauth-authorization-server')],
    [`/.well-known/openid-configuration${path}`, route('openid-configuration')],
    [`${path}/.well-known/openid-configuration`, route('openid-configuration')],
  ];
}
