import type { IncomingMessage } from 'node:http';
import { invalidRequest } from './oauth-error.js';

/** Bytes of a body that are read; a longer one is 413. */
const MAX_FORM_BYTES = 64 * 1024;

/** Parameters that may come more than once (RFC 8707 section 2, RFC 8693 section 2.1). */
const REPEATABLE: ReadonlySet<string> = new Set(['resource', 'audience']);

/** What a form said, by name: one value, or all of them where the name came again. */
export type FormRecord = Readonly<Record<string, string | readonly string[]>>;

/** The parameters of a request (RFC 6749 section 3): none comes twice, and an empty one counts as absent. */
export class Form {
  readonly #values = new Map<string, string[]>();

  constructor(text = '') {
    for (const [name, value] of new URLSearchParams(text)) {
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, [value]);
      else values.push(value);
    }
  }

  /** The value of a parameter. */
  one(name: string): string | undefined {
    return this.#values.get(name)?.[0] || undefined;
  }

  /** Every value of a parameter that may come again. */
  all(name: string): readonly string[] {
    return this.#values.get(name)?.filter((value) => value !== '') ?? [];
  }

  /** @throws OAuthError invalid_request when a parameter is missing. */
  required(name: string): string {
    const value = this.one(name);
    if (value === undefined) throw invalidRequest(`the parameter ${name} is missing`);
    return value;
  }

  /** @throws OAuthError invalid_request when a parameter, or one of those named, came twice that may not. */
  assertUnrepeated(names: Iterable<string> = this.#values.keys()): void {
    for (const name of names) {
      const values = this.#values.get(name) ?? [];
      if (values.length > 1 && !REPEATABLE.has(name)) throw invalidRequest(`the parameter ${name} came more than once`);
    }
  }

  /** Everything, as it would be sent. */
  toString(): string {
    const parameters = new URLSearchParams();
    for (const [name, values] of this.#values) for (const value of values) parameters.append(name, value);
    return parameters.toString();
  }

  /** Everything, for the log. */
  toRecord(): FormRecord {
    return Object.fromEntries(
      Array.from(this.#values, ([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
    );
  }
}

/**
 * Reads a form to its end, and keeps no more of it than 64 KiB.
 *
 * @throws OAuthError invalid_request when it is too long (413) or of another content type (400).
 */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to the end even when nothing is kept: a client that still sends would not see its answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_FORM_BYTES) throw invalidRequest(`the body is longer than ${MAX_FORM_BYTES} bytes`, 413);
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw invalidRequest(`the body must be application/x-www-form-urlencoded, and is ${type ?? 'of no type'}`);
  }
  return new Form(Buffer.concat(chunks).toString());
}
