const maxLength = 200;

/** A URL as operators read it: without its query, and bounded, since metadata may name one of any length. */
export function shortUrl({ origin, pathname }: URL): string {
  const text = origin + pathname;
  return text.length > maxLength ? `${text.slice(0, maxLength - 3)}...` : text;
}
