import { X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { isFilled, isObject, judge, type Rule } from '../judge.js';
import { type CertifiedKey, certify, type SubjectAttributes } from './certify.js';
import { certificateThumbprint } from './thumbprint.js';

/** What a certificate shall say. Every member may be left out. */
export interface CertificateRequest {
  /** Attributes of the subject; the certificate has them in the order O, OU, CN, the widest first. Default `{ CN: 'client' }`. */
  readonly subject?: Readonly<Partial<Record<'O' | 'OU' | 'CN', string>>>;
  /** A DNS name among its alternative names. */
  readonly dns?: string;
  /** A URI among its alternative names. */
  readonly uri?: string;
  /** An IPv4 address among its alternative names. */
  readonly ip?: string;
  /** An e-mail address among its alternative names. */
  readonly email?: string;
  /** Signed by its own key, and so known to nobody. Default false: signed by the authority of the issuer. */
  readonly selfSigned?: boolean;
}

/** A certificate and its key. `cert` and `key` are called as node:tls calls them. */
export interface Certificate {
  /** In PEM. */
  readonly cert: string;
  /** The private key, on P-256, as PKCS #8 in PEM. */
  readonly key: string;
  /** `x5t#S256`, the thumbprint that tokens are bound to (RFC 8705 section 3.1). */
  readonly thumbprint: string;
  /** In base64, as `x5c` of a JWK has it (RFC 7517 section 4.7). */
  readonly x5c: string;
}

const text: Rule = { expected: 'a string, not empty', accepts: isFilled };
const subjectNames = ['O', 'OU', 'CN'] as const;
const alternativeNames = ['dns', 'uri', 'ip', 'email'] as const;

const rules: Readonly<Record<keyof CertificateRequest, Rule>> = {
  subject: { expected: 'an object with one of O, OU and CN at least', accepts: isObject },
  dns: text,
  uri: text,
  ip: { expected: 'an IPv4 address', accepts: (value) => typeof value === 'string' && isIPv4(value) },
  email: text,
  selfSigned: { expected: 'a boolean', accepts: (value) => typeof value === 'boolean' },
};

const subjectRules = { O: text, OU: text, CN: text };

/** @throws TypeError when the request has an unknown or ill-typed member. */
export function makeCertificate(request: CertificateRequest, authority: () => CertifiedKey): Certificate {
  judge('certificate', request, rules);
  const subject = subjectOf(request.subject ?? { CN: 'client' });
  const names = alternativeNames.flatMap((kind) => {
    const value = request[kind];
    return value === undefined ? [] : [[kind, value] as const];
  });
  return inPem(certify({ subject, names, ...(!request.selfSigned && { by: authority() }) }));
}

function subjectOf(given: NonNullable<CertificateRequest['subject']>): SubjectAttributes {
  judge("certificate: 'subject'", given, subjectRules);
  const subject = subjectNames.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (subject.length === 0) throw new TypeError(`certificate: 'subject' must be ${rules.subject.expected}`);
  return subject;
}

/** A certificate as programs take it. */
export function inPem({ certificate, privateKey }: CertifiedKey): Certificate {
  const parsed = new X509Certificate(certificate);
  return Object.freeze({
    cert: parsed.toString(),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    thumbprint: certificateThumbprint(parsed),
    x5c: certificate.toString('base64'),
  });
}
