/** Warns that access tokens of `issuer` do not have the RFC 9068 profile. */
export function warnTokenProfile(issuer: string, missing: readonly string[]): void {
  process.emitWarning(
    `Access tokens of ${issuer} are refused: they lack ${missing.join(', ')} of RFC 9068. ` +
      "If this issuer does not support RFC 9068, set tokenProfile: 'jwt' for it.",
    { type: 'ResourceServerWarning', code: 'RS_TOKEN_PROFILE' },
  );
}

/** Warns that keys and metadata of `issuer` are fetched without TLS. */
export function warnHttpIssuer(issuer: string): void {
  process.emitWarning(
    `The issuer ${issuer} is reached over plain http: an attacker on the network path can replace its keys. ` +
      'Use https, and remove dangerouslyAllowHttp.',
    { type: 'ResourceServerWarning', code: 'RS_HTTP_ISSUER' },
  );
}

/** Warns that the introspection endpoint of `issuer` rejects the credentials of this API. */
export function warnIntrospectionCredentials(issuer: string): void {
  process.emitWarning(
    `The introspection endpoint of ${issuer} rejects the credentials of this API: ` +
      'every request with a token to introspect there is answered with 503. ' +
      'Check introspection.clientAuthentication.',
    { type: 'ResourceServerWarning', code: 'RS_INTROSPECTION_CREDENTIALS' },
  );
}

/**
 * Creates the warning that `issuer` is a mock issuer that listens beyond loopback. Only the first
 * call of the returned function emits it.
 */
export function mockIssuerWarning(issuer: string): () => void {
  let isEmitted = false;
  return () => {
    if (isEmitted) return;
    isEmitted = true;
    process.emitWarning(
      `The issuer ${issuer} is a mock: every client that reaches it can get tokens for any subject, and this server ` +
        'accepts them. Do not use it in production.',
      {
        type: 'ResourceServerWarning',
        code: 'RS_MOCK_ISSUER',
      },
    );
  };
}
