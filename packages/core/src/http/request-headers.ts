/** What every request for a document says: what is wanted, and that nothing compressed is. */
export const requestHeaders: Readonly<Record<string, string>> = Object.freeze({
  accept: 'application/json, application/jwk-set+json',
  'accept-encoding': 'identity',
});
