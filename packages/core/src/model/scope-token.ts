const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Whether `value` is a scope-token (RFC 6749 section 3.3): printable ASCII without space, `"` and
 * `\`.
 */
export function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && scopeToken.test(value);
}
