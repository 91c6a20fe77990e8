import type { IncomingMessage } from 'node:http';
import { readBody } from './body.js';
import { invalidRequest } from './oauth-error.js';

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

  /** The same without some of its parameters. */
  without(...names: readonly string[]): Form {
    const parameters = new URLSearchParams(this.toString());
    for (const name of names) parameters.delete(name);
    return new Form(parameters.toString());
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
 * A form that came over the network.
 *
 * @throws OAuthError invalid_request when it is no UTF-8 (RFC 6749 appendix B): what is no text would be replaced, and not come back as it was.
 */
export function parseForm(text: string): Form {
  try {
    // A percent sign that encodes nothing stands for itself.
    decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    throw invalidRequest('the parameters must be form-encoded UTF-8');
  }
  return new Form(text);
}

/** @throws OAuthError invalid_request when the body is too long (413), of another content type, or no UTF-8 (400). */
export async function readForm(request: IncomingMessage): Promise<Form> {
  return parseForm(await readBody(request, 'application/x-www-form-urlencoded'));
}
