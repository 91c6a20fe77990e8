import { type Answer, privateAnswer } from './answer.js';

/** Everything that RFC 6749 section 5.2 lets nobody write into an `error_description`. */
const NOT_NQSCHAR = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;
const DESCRIPTION_CHARACTERS = 300;

/** A refusal as OAuth knows it: a code for programs and a description for who writes the test (RFC 6749 section 5.2). */
export class OAuthError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    description: string,
    { status = 400, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(describable(description));
    this.name = 'OAuthError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }

  /** The same refusal under another status. */
  withStatus(status: number): OAuthError {
    return new OAuthError(this.code, this.message, { status });
  }

  /** As it is sent. */
  toAnswer(): Answer {
    return privateAnswer(this.status, { error: this.code, error_description: this.message }, this.headers);
  }
}

/** The request itself is wrong. */
export function invalidRequest(description: string, status = 400): OAuthError {
  return new OAuthError('invalid_request', description, { status });
}

/** Text out of a request ends up in descriptions: what the grammar forbids is replaced, and what is long is cut. */
function describable(text: string): string {
  const clean = text.replaceAll('"', "'").replace(NOT_NQSCHAR, '?');
  return clean.length > DESCRIPTION_CHARACTERS ? `${clean.slice(0, DESCRIPTION_CHARACTERS - 3)}...` : clean;
}
