import {
  anyScope,
  createResourceServer,
  type Decision,
  type HttpRequest,
  type Policy,
  type ResourceServer,
  scope,
} from '@resource-server/core';
import { Authenticator } from '@resource-server/core/adapter';
import { type Harness, seen, type WireRequest, type WireResponse } from '../harness.js';
import { type Guard, type Route, routes } from '../routes.js';

/** Core alone: no framework, no socket. Requests have the form that an adapter would give them. */
export const coreHarness: Harness = {
  name: 'core',
  usesSockets: false,
  repeatsHeaders: true,
  parsesForms: true,
  async start(options) {
    const server = createResourceServer(options);
    let handled = 0;
    return {
      handled: () => handled,
      async send(request) {
        const decision = await decide(server, request);
        if (!decision.granted) return answer(decision.status, decision.headers, decision.body);
        handled += 1;
        return answer(200, decision.headers, JSON.stringify(seen(decision.auth)));
      },
      close: () => server.close(),
    };
  },
};

async function decide(server: ResourceServer, wire: WireRequest): Promise<Decision<unknown>> {
  const { method = 'GET', target = '/any' } = wire;
  const path = target.split('?')[0];
  const route = routes.find((one) => one.path === path && (one.method === method || method === 'HEAD'));
  if (route === undefined) throw new Error(`the suite has no route ${method} ${path}`);
  const request = toHttpRequest(wire, route);
  const authenticator = new Authenticator<[]>({ identityOf: () => request, read: () => request });
  const gated =
    route.gate === 'none' ? undefined : await authenticator.gate(server, { credentials: route.gate })(request);
  if (gated?.decision.granted === false || route.guard === undefined) return gated?.decision as Decision<unknown>;
  const guarded = await authenticator.guard(policyOf(route.guard))(request);
  return guarded.decision.granted && gated !== undefined ? gated.decision : guarded.decision;
}

function toHttpRequest(
  { method = 'GET', target = '/any', headers = [], body }: WireRequest,
  route: Route,
): HttpRequest {
  const isForm = headers.some(([, value]) => value.startsWith('application/x-www-form-urlencoded'));
  return {
    method,
    url: target,
    rawHeaders: headers.flat(),
    identity: {},
    ...(route.parsesForm && isForm && { formBody: Object.fromEntries(new URLSearchParams(body)) }),
  };
}

function policyOf(guard: Guard): Policy {
  if ('requireScope' in guard) return scope(...guard.requireScope);
  return 'requireAnyScope' in guard ? anyScope(...guard.requireAnyScope) : guard.requirePolicy;
}

function answer(status: number, headers: Decision['headers'], body: string): WireResponse {
  return { status, headers: headers.map(([name, value]) => [name.toLowerCase(), value]), body };
}
