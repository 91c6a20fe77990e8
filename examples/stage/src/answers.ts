/** The status of a response of an API, with a bearer token (RFC 6750 section 2.1) or without. */
export async function statusOf(url: string, token?: string, method = 'GET'): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method, headers });
  await response.body?.cancel();
  return response.status;
}

/**
 * The error of openid-client or oauth4webapi, as `code: description`. An error that the library
 * itself has found has no OAuth error code: then its message and the message of its cause.
 */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'not refused';
  } catch (error) {
    return describe(error);
  }
}

async function describe(error: unknown): Promise<string> {
  const { message, cause, response } = error as Refusal;
  // The libraries leave the body of a response with a challenge unread (RFC 6749 section 5.2: wrong
  // secret).
  const isUnread = response?.bodyUsed === false;
  const { error: code, error_description } = isUnread ? ((await response.json()) as Refusal) : (error as Refusal);
  if (code !== undefined) return `${code}: ${error_description}`;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

interface Refusal {
  readonly message: string;
  readonly cause?: unknown;
  readonly error?: string;
  readonly error_description?: string;
  readonly response?: Response;
}
