/** A request as every adapter hands it to core: what arrived, before any framework read meaning into it. */
export interface HttpRequest {
  /** Method as received. */
  readonly method: string;
  /** Request target as received, query included; under a mounted router the original one. */
  readonly url: string;
  /**
   * Header lines as Node lists them: name, value, name, value. A parsed header object hides
   * repeated lines, and with them an attack.
   */
  readonly rawHeaders: readonly string[];
  /** Whether the server dropped header lines that were too many: nobody knows what stood in them. */
  readonly headersTruncated?: boolean;
  /** Whether the connection is TLS. */
  readonly encrypted?: boolean;
  /** Address of the peer of the connection. */
  readonly peerAddress?: string;
  /** The client's TLS certificate as DER, asked for only when a check needs it. */
  readonly clientCertificate?: () => Uint8Array | undefined;
  /** The members of a form body, when the framework parsed `application/x-www-form-urlencoded` before. */
  readonly formBody?: Readonly<Record<string, unknown>>;
  /** The native request. What may be spent once per request is spent once per identity. */
  readonly identity?: object;
}
