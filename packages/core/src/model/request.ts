/**
 * A request as it arrived, before a framework has interpreted it. Every adapter makes this object.
 *
 * @example
 * import type { IncomingMessage } from 'node:http';
 * import type { HttpRequest } from '@resource-server/core';
 *
 * const toHttpRequest = ({ method = '', url = '', rawHeaders }: IncomingMessage): HttpRequest => ({
 *   method,
 *   url,
 *   rawHeaders,
 * });
 */
export interface HttpRequest {
  /** The method as received. */
  readonly method: string;
  /** The request target as received, with the query; the original one below a mounted router. */
  readonly url: string;
  /**
   * The header lines as Node.js lists them: name, value, name, value. Do not build the list from a
   * parsed header object: it hides repeated lines, and a second `Authorization` line is an attack.
   */
  readonly rawHeaders: readonly string[];
  /** Whether the HTTP server dropped header lines over its limit. Such a request is refused. */
  readonly headersTruncated?: boolean;
  /** Whether the connection is TLS. */
  readonly encrypted?: boolean;
  /** The IP address of the peer of the connection. */
  readonly peerAddress?: string;
  /** Returns the client's TLS certificate as DER. It is called only when a check needs it. */
  readonly clientCertificate?: () => Uint8Array | undefined;
  /** The form body, where the framework has already parsed `application/x-www-form-urlencoded`. */
  readonly formBody?: Readonly<Record<string, unknown>>;
  /** The native request object. What may be used once per request is used once per `identity`. */
  readonly identity?: object;
}
