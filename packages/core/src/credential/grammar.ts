const token = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+/;
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The index where the scheme at the start of `value` ends; 0 where there is no scheme. A scheme is
 * a token of RFC 9110 section 5.6.2.
 */
export function schemeEnd(value: string): number {
  return token.exec(value)?.[0].length ?? 0;
}

/**
 * Whether `value` is a token68 (RFC 9110 section 11.2): at least one of its characters, then any
 * number of `=`.
 */
export function isToken68(value: string): boolean {
  return token68.test(value);
}
