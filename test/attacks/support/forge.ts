import { type KeyObject, randomUUID } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { audience } from '../../suite/world.js';
import { type Members, type Signer, signCompact, signerOf } from './jws-builder.js';

/** The subject of the tokens; no response may contain it. */
export const subject = 'ada-lovelace-1815';

/** Differences from a valid token. */
interface Changes {
  readonly header?: Members;
  readonly claims?: Members;
  readonly signer?: Signer;
}

/** Makes tokens that are valid except for the given changes. */
export interface Forge {
  readonly issuer: string;
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly signer: Signer;
  /** The JOSE header of a valid token, with changes; `undefined` removes a member. */
  header(changes?: Members): Members;
  /** The claims of a valid token, with changes. */
  claims(changes?: Members): Members;
  /** A signed token. */
  token(changes?: Changes): string;
}

/** The issuer and the key of a forge. */
interface ForgeOptions {
  readonly issuer: string;
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A forge with any key. */
export function makeForge({ issuer, alg, kid, privateKey }: ForgeOptions): Forge {
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
