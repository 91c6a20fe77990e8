/** Formats of access tokens: verified here, or introspected at the endpoint of their issuer. */
export const tokenFormats = ['jwt', 'opaque'] as const;
export type TokenFormat = (typeof tokenFormats)[number];
