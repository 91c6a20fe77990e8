import { type ApprovalParts, approveAlone } from './authorization/approval.js';
import { judgeRequest } from './authorization/authorization-request.js';
import { responseUrl } from './authorization/authorization-response.js';
import { requestedRedirectUri } from './authorization/redirect-uri.js';
import type { RequestSettings } from './authorization/wanted-access.js';
import type { RegisteredClient } from './clients/registered-client.js';
import type { Grant } from './grants/grant.js';
import { Form } from './http/form.js';
import { isFilled, isFilledList, isObject, judge, type Rule } from './judge.js';
import { challengeTo } from './parameters/code-challenge.js';
import { randomText } from './random.js';
import type { ClientStore } from './stores/client-store.js';
import type { TokenResponse } from './token-response.js';

/** What is authorized in process: what a client would ask for, and who says yes. Every member but `client` may be left out. */
export interface AuthorizeRequest {
  /** The `client_id` of a client that may use the grant `authorization_code`. */
  readonly client: string;
  /** The `sub` of the user who says yes. Default: the first of the option `users`. */
  readonly user?: string;
  /** As one space-separated string or as words. Default: what the client is registered for. */
  readonly scope?: string | readonly string[];
  /** Default: the first that is registered. */
  readonly redirectUri?: string;
  /** RFC 8707 section 2. Default: the `audience` of the issuer. */
  readonly resource?: string | readonly string[];
  /** Default: none. */
  readonly state?: string;
  /** The S256 challenge of the client under test. Default: that of a verifier which comes with the answer. */
  readonly codeChallenge?: string;
  /** RFC 9470 section 4, the dearest first. Default: no wish. */
  readonly acrValues?: string | readonly string[];
  /** Seconds that the sign-in may be old, whole, 0 or more. Default: any age. */
  readonly maxAgeSeconds?: number;
  /** RFC 9396 section 2. Default: none. */
  readonly authorizationDetails?: readonly Readonly<Record<string, unknown>>[];
}

/** What came of it. */
export interface AuthorizedCode {
  /** Good once, until `lifetimes.codeSeconds` are over. */
  readonly code: string;
  /** What belongs to the code; `undefined` when the challenge was not made here. */
  readonly codeVerifier: string | undefined;
  readonly redirectUri: string;
  readonly state: string | undefined;
  /** The redirect URI with the whole response behind it, as a browser would be sent to it. */
  readonly url: string;
  /**
   * Redeems the code in the client's name, without asking for its credentials.
   *
   * @throws OAuthError when the code is over; TypeError when the challenge was not made here.
   */
  tokens(): Promise<TokenResponse>;
}

/** What this stands on. */
export interface AuthorizeParts extends ApprovalParts {
  readonly issuer: string;
  readonly clients: ClientStore;
  readonly requestSettings: RequestSettings;
  readonly codeGrant: Grant;
}

const text: Rule = { expected: 'a string, not empty', accepts: isFilled };
const words: Rule = {
  expected: 'a string or an array of strings, not empty',
  accepts: (value) => isFilled(value) || isFilledList(value),
};

const rules: Readonly<Record<keyof AuthorizeRequest, Rule>> = {
  client: text,
  user: text,
  scope: words,
  redirectUri: text,
  resource: words,
  state: text,
  codeChallenge: text,
  acrValues: words,
  maxAgeSeconds: {
    expected: 'a whole number of seconds, 0 or more',
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  authorizationDetails: {
    expected: 'an array, not empty, of objects',
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isObject),
  },
};

/**
 * The way of an authorization request without a browser: judged as one, and approved.
 *
 * @throws TypeError for what is unknown or ill-typed; OAuthError for what the authorization endpoint would refuse.
 */
export function authorize(request: AuthorizeRequest, parts: AuthorizeParts): AuthorizedCode {
  judge('authorize', request, rules);
  const client = parts.clients.find(request.client);
  if (client?.role !== 'client')
    throw new TypeError(`authorize: no 'client' ${JSON.stringify(request.client)} is registered`);
  const codeVerifier = request.codeChallenge === undefined ? randomText(parts.random, 'verifier') : undefined;
  const form = formOf(request, client, request.codeChallenge ?? challengeTo(codeVerifier ?? ''));
  const redirectUri = requestedRedirectUri(form, client);
  const judged = judgeRequest(form, { client, redirectUri }, parts.requestSettings);
  const code = approveAlone(judged, parts);
  const { state } = judged;
  return {
    code,
    codeVerifier,
    redirectUri,
    state,
    url: responseUrl({ redirectUri, state, iss: parts.issuer, result: { code } }),
    tokens: async () => {
      if (codeVerifier === undefined) throw new TypeError('authorize: whoever made the codeChallenge has the verifier');
      const form = new Form(new URLSearchParams({ code, code_verifier: codeVerifier }).toString());
      return parts.codeGrant.answer({ client, form, constraint: undefined });
    },
  };
}

/** The request as its client would have sent it. */
function formOf(request: AuthorizeRequest, { redirectUris }: RegisteredClient, codeChallenge: string): Form {
  const parameters: [name: string, value: string | undefined][] = [
    ['response_type', 'code'],
    ['redirect_uri', request.redirectUri ?? redirectUris[0]],
    ['code_challenge', codeChallenge],
    ['code_challenge_method', 'S256'],
    ['scope', spaced(request.scope)],
    ...[request.resource ?? []].flat().map((one): [string, string] => ['resource', one]),
    ['state', request.state],
    ['acr_values', spaced(request.acrValues)],
    ['max_age', request.maxAgeSeconds?.toString()],
    ['authorization_details', request.authorizationDetails && JSON.stringify(request.authorizationDetails)],
    ['login_hint', request.user],
  ];
  const given = parameters.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new Form(new URLSearchParams(given).toString());
}

function spaced(words: string | readonly string[] | undefined): string | undefined {
  return typeof words === 'object' ? words.join(' ') : words;
}
