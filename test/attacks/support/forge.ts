import { type KeyObject, randomUUID } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { audience } from '../../suite/world.js';
import { type Members, type Signer, signCompact, signerOf } from './jws-builder.js';

/** Whom the tokens are for; must appear in no answer. */
export const subject = 'ada-lovelace-1815';

/** What a token is made of beside what a good one has. */
interface Changes {
  readonly header?: Members;
  readonly claims?: Members;
  readonly signer?: Signer;
}

/** Makes tokens that are good but for what they are told. */
export interface Forge {
  readonly issuer: string;
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly signer: Signer;
  /** The JOSE header of a good token, with changes; `undefined` takes a member away. */
  header(changes?: Members): Members;
  /** The claims of a good token, with changes. */
  claims(changes?: Members): Members;
  /** A signed token. */
  token(changes?: Changes): string;
}

/** What a forge works with. */
interface Tools {
  readonly issuer: string;
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A forge that has a key of its own choice. */
export function makeForge({ issuer, alg, kid, privateKey }: Tools): Forge {
  const signer = signerOf(alg, privateKey);
  const header = (changes: Members = {}) => ({ alg, typ: 'at+jwt', kid, ...changes });
  const claims = (changes: Members = {}) => ({ ...goodClaims(issuer), ...changes });
  return {
    issuer,
    alg,
    kid,
    privateKey,
    signer,
    header,
    claims,
    token: (changes = {}) => signCompact(header(changes.header), claims(changes.claims), changes.signer ?? signer),
  };
}

/** A forge with the key that signs for a mock issuer. */
export async function forgeOf(issuer: MockIssuer, alg: SignatureAlgorithm = 'ES256'): Promise<Forge> {
  const { kid, privateKey } = await issuer.keys.current(alg);
  return makeForge({ issuer: issuer.issuer, alg, kid, privateKey });
}

/** Seconds since the epoch. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function goodClaims(issuer: string): Members {
  const now = nowSeconds();
  return {
    iss: issuer,
    exp: now + 300,
    aud: audience,
    sub: subject,
    client_id: 'web',
    iat: now,
    jti: randomUUID(),
    scope: 'read',
  };
}
