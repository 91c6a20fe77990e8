import type { IncomingMessage } from 'node:http';
import { readBody } from './body.js';
import { invalidRequest } from './oauth-error.js';

/** Deeper than any metadata, and not so deep that whatever walks through it runs out of stack. */
export const MAX_DEPTH = 32;

/** The value of a JSON text; `undefined` when it is none, or nests deeper than 32. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** @throws OAuthError invalid_request when the body is too long (413), of another content type, or no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const value = parseJson(await readBody(request, 'application/json'));
  if (value === undefined) throw invalidRequest(`the body must be JSON, no deeper than ${MAX_DEPTH}`);
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
