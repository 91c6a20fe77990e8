import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { Form } from './form.js';
import { invalidRequest } from './oauth-error.js';

/** The certificate a client showed. */
interface ClientCertificate {
  readonly certificate: X509Certificate;
  /** It leads to the authority this server was told to trust. */
  readonly trusted: boolean;
}

/** A request as an endpoint sees it. */
export interface Exchange {
  readonly method: string;
  /** The path that was asked for, without a query. */
  readonly path: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly form: Form;
  /** The body, where it is JSON and no form. */
  readonly json?: unknown;
  readonly clientCertificate: ClientCertificate | undefined;
}

/** What came in the body of a request, or in its address for an authorization request. */
export type Body = { readonly form: Form } | { readonly json: unknown };

/** @throws OAuthError invalid_request when a body comes with two Authorization lines, of which node:http would hide one. */
export function exchangeOf(request: IncomingMessage, body?: Body): Exchange {
  if (body !== undefined && (request.headersDistinct['authorization']?.length ?? 0) > 1) {
    throw invalidRequest('the request has more than one Authorization line');
  }
  return {
    method: request.method ?? '',
    path: request.url?.split('?', 1)[0] ?? '',
    headers: request.headers,
    form: new Form(),
    ...body,
    clientCertificate: certificateOf(request),
  };
}

function certificateOf({ socket }: IncomingMessage): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  return certificate && { certificate, trusted: socket.authorized };
}
