/** Base64url of text, octets, or anything else as JSON. */
export function segment(content: unknown): string {
  const octets = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
  return Buffer.from(octets).toString('base64url');
}

/** Three segments separated by dots. The signature is not computed but taken as given. */
export function compactOf(header: unknown, payload: unknown, signature: string | Uint8Array = 'signature'): string {
  return [header, payload, signature].map(segment).join('.');
}
