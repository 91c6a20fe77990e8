import { createHmac } from 'node:crypto';
import { isObject, type JsonObject } from '../judge.js';
import { compact, encodeSegment } from '../jws.js';
import { type Draft, overlay, signDraft } from '../mint.js';
import type { SigningKey } from '../signing-key.js';
import { bomb } from './bomb.js';
import type { ActiveFault } from './faults.js';
import type { StatusListFault } from './kinds.js';

/** Signs a status list as the fault has it; `foreignKey` gives a key that is not ours. */
export async function distortStatusList(
  right: Draft,
  fault: ActiveFault<StatusListFault> | undefined,
  foreignKey: () => Promise<SigningKey>,
): Promise<string> {
  switch (fault?.kind) {
    case 'wrongTyp':
      return signDraft({ ...right, header: overlay(right.header, { typ: 'JWT' }) });
    case 'wrongSubject':
      return signDraft(withClaims(right, { sub: 'https://other.example/statuslists/1' }));
    case 'expired':
      return signDraft(expired(right));
    case 'wrongBits':
      return signDraft(withList(right, { bits: 3 }));
    case 'badZlib':
      return signDraft(withList(right, { lst: Buffer.from('this was never compressed').toString('base64url') }));
    case 'bomb':
      return signDraft(withList(right, { lst: (await bomb(fault.inflatedBytes)).toString('base64url') }));
    case 'otherKey':
      return signDraft({ ...right, key: await foreignKey() });
    case 'hmac':
      return hmac(right);
    default:
      return signDraft(right);
  }
}

function withClaims(right: Draft, changes: JsonObject): Draft {
  return { ...right, claims: overlay(right.claims, changes) };
}

function withList(right: Draft, changes: JsonObject): Draft {
  const list = right.claims['status_list'];
  return withClaims(right, { status_list: { ...(isObject(list) && list), ...changes } });
}

/** Made two hours ago, and over for one. */
function expired(right: Draft): Draft {
  const iat = Number(right.claims['iat']);
  return withClaims(right, { iat: iat - 7200, exp: iat - 3600 });
}

/** Keyed with the PEM text of our public key, as for tokens. */
function hmac({ header, claims, key }: Draft): string {
  const segments = { header: encodeSegment(overlay(header, { alg: 'HS256' })), payload: encodeSegment(claims) };
  const signature = createHmac('sha256', key.publicKey.export({ format: 'pem', type: 'spki' }))
    .update(`${segments.header}.${segments.payload}`)
    .digest('base64url');
  return compact({ ...segments, signature });
}
