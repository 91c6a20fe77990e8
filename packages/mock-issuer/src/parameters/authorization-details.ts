import { isDeepStrictEqual } from 'node:util';
import type { Form } from '../http/form.js';
import { MAX_DEPTH, parseJson } from '../http/json-body.js';
import { OAuthError } from '../http/oauth-error.js';
import { isFilled, isFilledList, isObject, type JsonObject } from '../judge.js';

type Details = readonly JsonObject[];

/** Members that RFC 9396 section 2.2 gives a meaning to in every type, where they are there. */
const commonMembers = new Map<string, (value: unknown) => boolean>([
  ['locations', isFilledList],
  ['actions', isFilledList],
  ['datatypes', isFilledList],
  ['privileges', isFilledList],
  ['identifier', isFilled],
]);

/**
 * The authorization details that a request asks for (RFC 9396 section 3); `undefined` when it has none.
 *
 * @throws OAuthError invalid_authorization_details (section 5) for what is no array of objects, each of a type among `types`.
 */
export function requestedDetails(form: Form, types: readonly string[]): Details | undefined {
  const text = form.one('authorization_details');
  if (text === undefined) return undefined;
  const details = parseJson(text);
  if (details === undefined) throw invalid(`is no JSON, or deeper than ${MAX_DEPTH}`);
  if (!Array.isArray(details) || details.length === 0) throw invalid('must be a JSON array, not empty');
  return details.map((one: unknown, at) => detail(one, at, types));
}

/**
 * The authorization details that a request takes of those granted: all of them when it names none (section 6).
 *
 * @throws OAuthError invalid_authorization_details for one that was not granted.
 */
export function narrowedDetails(form: Form, granted: Details | undefined): Details | undefined {
  const asked = requestedDetails(
    form,
    (granted ?? []).map(({ type }) => String(type)),
  );
  const beyond = asked?.findIndex((one) => !granted?.some((own) => isDeepStrictEqual(one, own)));
  if (beyond === undefined || beyond === -1) return asked ?? granted;
  throw invalid(`[${beyond}] is none of those that were granted`);
}

function detail(one: unknown, at: number, types: readonly string[]): JsonObject {
  if (!isObject(one)) throw invalid(`[${at}] must be an object`);
  const { type } = one;
  if (!isFilled(type)) throw invalid(`[${at}]: 'type' must be a string, not empty`);
  if (!types.includes(type)) {
    throw invalid(`[${at}]: the type '${type}' is none of those here: ${types.join(' ') || 'there are none'}`);
  }
  for (const [name, accepts] of commonMembers) {
    if (one[name] !== undefined && !accepts(one[name])) throw invalid(`[${at}]: '${name}' is ill-typed`);
  }
  return one;
}

function invalid(problem: string): OAuthError {
  return new OAuthError('invalid_authorization_details', `authorization_details ${problem}`);
}
