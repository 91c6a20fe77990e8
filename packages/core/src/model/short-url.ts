const maxLength = 200;

/**
 * A URL for log lines and error details: without its query, and at most 200 characters long, since
 * metadata may contain a URL of any length.
 */
export function shortUrl({ origin, pathname }: URL): string {
  const text = origin + pathname;
  return text.length > maxLength ? `${text.slice(0, maxLength - 3)}...` : text;
}
