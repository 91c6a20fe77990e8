/** The status of an API's answer to a GET, with a bearer token (RFC 6750 section 2.1) or without. */
export async function statusOf(url: string, token?: string, method = 'GET'): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method, headers });
  await response.body?.cancel();
  return response.status;
}

/**
 * What openid-client or oauth4webapi tell a client that is refused: `code: description`. What they find out themselves has no code of OAuth; it is
 * their message, and what is behind it.
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
  // They hand over the answer unread when it has a challenge, as that to a wrong secret has (RFC 6749 section 5.2).
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
