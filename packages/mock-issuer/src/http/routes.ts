import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FaultBoard } from '../faults/faults.js';
import type { FaultyEndpoint } from '../faults/kinds.js';
import type { JsonObject } from '../judge.js';
import { type Answer, jsonAnswer, privateAnswer, send } from './answer.js';
import { type Exchange, exchangeOf } from './exchange.js';
import { type Form, parseForm, readForm } from './form.js';
import { readJson } from './json-body.js';
import { misbehave } from './misbehave.js';
import { invalidRequest, OAuthError } from './oauth-error.js';
import type { Endpoint, RequestLog } from './request-log.js';

/** What is served at one path. */
export interface Route {
  /** What its requests are counted under. */
  readonly names: readonly Endpoint[];
  /** `POST` is a form or JSON, and its answer for the one who asked; `GET` a public document; both together a page for a user. */
  readonly method: 'GET' | 'POST' | 'GET, POST';
  /** What a `POST` has in its body. Default: a form. */
  readonly body?: 'json';
  /** Pages of every origin may `POST` here, preflight and all. */
  readonly openToPages?: true;
  readonly faultsOf?: FaultyEndpoint;
  /** What the discovery documents say because this is served. */
  readonly metadata?: Readonly<JsonObject>;
  readonly answer: (exchange: Exchange) => Promise<Answer> | Answer;
  /** How a refusal is told. Default: in JSON. */
  readonly refuse?: (error: OAuthError) => Answer;
}

/** What is served, by path. */
export type Routes = ReadonlyMap<string, Route>;

/** Browsers do not count `authorization` among what `*` stands for. */
const preflightOfPost = preflight('POST', 'authorization, content-type, dpop');
const preflightOfGet = preflight('GET, HEAD', '*');

function preflight(methods: string, headers: string): Answer {
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods,
      'access-control-allow-headers': headers,
      'access-control-max-age': '600',
    },
    body: '',
  };
}

/** What a browser is told that asks whether a page of another origin may send a request; `undefined` where it may not. */
function preflightAnswer({ method, openToPages }: Route): Answer | undefined {
  if (method === 'GET') return preflightOfGet;
  return openToPages && preflightOfPost;
}

/** The request listener of a site. `decoyUri` is the base of its decoys, without a slash at its end. */
export function serve(routes: Routes, decoyUri: string, faults: FaultBoard, log: RequestLog): RequestListener {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routes.get(request.url?.split('?', 1)[0] ?? '');
    if (route === undefined) return send(response, jsonAnswer(404, { error: 'not_found' }));
    const permission = request.method === 'OPTIONS' ? preflightAnswer(route) : undefined;
    if (permission !== undefined) return send(response, permission);
    const addBody = log.record(route.names, request);
    const wrongMethod = refuseMethod(route, request.method);
    if (wrongMethod !== undefined) return send(response, wrongMethod);
    const fault = route.faultsOf && faults.at(route.faultsOf);
    const right = await rightAnswer(route, request, addBody);
    if (fault === undefined) send(response, right);
    else misbehave(fault, response, right, `${decoyUri}/${route.faultsOf}`);
  }

  return (request, response) => {
    // A client that leaves in the middle of an answer is no trouble of ours.
    response.on('error', () => {});
    answer(request, response).catch(() => response.destroy());
  };
}

function refuseMethod({ method }: Route, asked = ''): Answer | undefined {
  const allowed = method === 'GET' ? 'GET, HEAD' : method;
  if (allowed.split(', ').includes(asked)) return undefined;
  const [body, headers] = [{ error: 'method_not_allowed' }, { allow: allowed }];
  return method === 'GET' ? jsonAnswer(405, body, headers) : privateAnswer(405, body, headers);
}

async function rightAnswer(
  route: Route,
  request: IncomingMessage,
  addBody: ReturnType<RequestLog['record']>,
): Promise<Answer> {
  const right = await answered(route, request, addBody);
  if (!route.openToPages) return right;
  const headers = {
    ...right.headers,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce',
  };
  return { ...right, headers };
}

async function answered(
  route: Route,
  request: IncomingMessage,
  addBody: ReturnType<RequestLog['record']>,
): Promise<Answer> {
  if (route.method === 'GET') return route.answer(exchangeOf(request));
  try {
    const body = route.body === 'json' ? { json: await readJson(request) } : { form: await formOf(request) };
    addBody(body);
    if (route.method === 'POST' && 'form' in body) body.form.assertUnrepeated();
    return await route.answer(exchangeOf(request, body));
  } catch (error) {
    if (error instanceof OAuthError) return route.refuse?.(error) ?? error.toAnswer();
    throw error;
  }
}

async function formOf(request: IncomingMessage): Promise<Form> {
  const query = request.url?.split('?').slice(1).join('?') ?? '';
  if (request.method === 'GET') return parseForm(query);
  const form = await readForm(request);
  // RFC 6749 section 2.3.1: addresses end up in logs, and what is a secret does not belong there.
  if (query !== '') throw invalidRequest('the parameters must be in the body, and the address has some');
  return form;
}
