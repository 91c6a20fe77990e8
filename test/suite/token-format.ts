/** What tokens are to us: verified here, or asked about at the introspection endpoint of their issuer. */
export const tokenFormats = ['jwt', 'opaque'] as const;
export type TokenFormat = (typeof tokenFormats)[number];
