/** Tells operators that `issuer` does not issue RFC 9068 access tokens. */
export function warnTokenProfile(issuer: string, missing: readonly string[]): void {
  process.emitWarning(
    `Access tokens of ${issuer} are refused: they lack ${missing.join(', ')} of RFC 9068. ` +
      "If that is how this issuer makes them, set tokenProfile: 'jwt' for it.",
    { type: 'ResourceServerWarning', code: 'RS_TOKEN_PROFILE' },
  );
}

/** Tells operators that keys and metadata of `issuer` travel unprotected. */
export function warnHttpIssuer(issuer: string): void {
  process.emitWarning(`The issuer ${issuer} is reached over plain http: whoever is on the way can replace its keys.`, {
    type: 'ResourceServerWarning',
    code: 'RS_HTTP_ISSUER',
  });
}

/** Tells operators that it is us whom an introspection endpoint refuses. */
export function warnIntrospectionCredentials(issuer: string): void {
  process.emitWarning(
    `The introspection endpoint of ${issuer} refuses our own credentials: every token that is introspected there is answered with 503. ` +
      'Look at introspection.clientAuthentication.',
    { type: 'ResourceServerWarning', code: 'RS_INTROSPECTION_CREDENTIALS' },
  );
}

/** A warning about one issuer, said the first time that it is asked for: it is a mock that listens off loopback. */
export function mockIssuerWarning(issuer: string): () => void {
  let isSaid = false;
  return () => {
    if (isSaid) return;
    isSaid = true;
    process.emitWarning(
      `The issuer ${issuer} is a mock: whoever reaches it gets tokens in any name, and they are accepted here.`,
      {
        type: 'ResourceServerWarning',
        code: 'RS_MOCK_ISSUER',
      },
    );
  };
}
