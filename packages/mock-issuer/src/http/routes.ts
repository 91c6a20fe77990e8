import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { JwkSet } from '../signing-key.js';
import { type Answer, jsonAnswer, send } from './answer.js';
import type { FaultBoard } from './faults.js';
import { misbehave } from './misbehave.js';
import type { Endpoint, RequestLog } from './request-log.js';

/** What is served, and where. */
export interface Site {
  /** The issuer identifier. */
  readonly issuer: string;
  /** Its path, empty or with a leading slash. */
  readonly path: string;
  readonly jwksUri: string;
  /** Base of the decoys, without a slash at its end. */
  readonly decoyUri: string;
  readonly jwksCacheControl: string | undefined;
  jwks(): Promise<JwkSet>;
  /** Keys of an attacker under our kids: what a client gets that follows a token's `jku`. */
  attackerJwks(): Promise<JwkSet>;
}

interface Route {
  readonly names: readonly Endpoint[];
  readonly faultOf?: 'jwks' | 'discovery';
  readonly answer: () => Promise<Answer> | Answer;
}

/**
 * Authorization server metadata (RFC 8414 section 2): what this issuer has and nothing else. `response_types_supported`, which that
 * section requires, would be an empty list for want of an authorization endpoint, and section 3.2 has empty lists left out.
 */
function metadata({ issuer, jwksUri }: Site): Answer {
  return jsonAnswer(200, { issuer, jwks_uri: jwksUri });
}

function keySet(set: JwkSet, cacheControl: string | undefined): Answer {
  const caching = cacheControl === undefined ? {} : { 'cache-control': cacheControl };
  return jsonAnswer(200, set, { type: 'application/jwk-set+json', ...caching });
}

function routesOf(site: Site): ReadonlyMap<string, Route> {
  const discovery = (name: Endpoint): Route => ({
    names: ['discovery', name],
    faultOf: 'discovery',
    answer: () => metadata(site),
  });
  const jwks = async (): Promise<Answer> => keySet(await site.jwks(), site.jwksCacheControl);
  const decoy = (answer: Route['answer']): Route => ({ names: ['decoy'], answer });
  return new Map<string, Route>([
    // RFC 8414 section 3.1 puts the path behind the well-known part, OpenID Discovery section 4 before it; section 5 of the RFC knows both.
    [`/.well-known/oauth-authorization-server${site.path}`, discovery('oauth-authorization-server')],
    [`/.well-known/openid-configuration${site.path}`, discovery('openid-configuration')],
    [`${site.path}/.well-known/openid-configuration`, discovery('openid-configuration')],
    [`${site.path}/jwks`, { names: ['jwks'], faultOf: 'jwks', answer: jwks }],
    // Decoys answer what a client that should not have come hopes for, so that its mistake is seen in what it accepts, too.
    [`${site.path}/decoy/jwks`, decoy(jwks)],
    [`${site.path}/decoy/discovery`, decoy(() => metadata(site))],
    [`${site.path}/decoy/attacker-jwks`, decoy(async () => keySet(await site.attackerJwks(), undefined))],
  ]);
}

/** The request listener of a site. */
export function serve(site: Site, faults: FaultBoard, log: RequestLog): RequestListener {
  const routes = routesOf(site);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routes.get(request.url?.split('?', 1)[0] ?? '');
    if (route === undefined) return send(response, jsonAnswer(404, { error: 'not_found' }));
    log.record(route.names, request);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(response, jsonAnswer(405, { error: 'method_not_allowed' }, { allow: 'GET, HEAD' }));
    }
    const fault = route.faultOf && faults.at(route.faultOf);
    const right = await route.answer();
    if (fault === undefined) send(response, right);
    else misbehave(fault, response, right, `${site.decoyUri}/${route.faultOf}`);
  }

  return (request, response) => {
    // A client that leaves in the middle of an answer is no trouble of ours.
    response.on('error', () => {});
    answer(request, response).catch(() => response.destroy());
  };
}
