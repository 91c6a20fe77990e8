import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { MockIssuer, SignatureAlgorithm } from '@resource-server/mock-issuer';

/** A way to sign: a key, its algorithm, and the `alg` and `kid` of the header. */
export interface Stamp {
  readonly name: string;
  /** `alg` in the header. */
  readonly alg: string;
  readonly kid: string;
  readonly sign: (input: string) => Buffer;
}

/** Keys of an issuer, and ways to sign with them or with keys that resemble them. */
export interface StampSet {
  readonly jwks: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> };
  /** One for each of {@link stampNames}. */
  readonly stamps: ReadonlyMap<string, Stamp>;
}

/** The stamps that sign as the issuer's key set describes. */
export const ownStamps = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const;

export const stampNames = [
  ...ownStamps,
  'second ES256',
  'Ed25519 as EdDSA',
  'RSA without alg as RS256',
  'RSA without alg as PS256',
  'RS256 key as PS256',
  'PS256 key as RS256',
  'foreign ES256',
  'foreign Ed25519',
  'PS256 with a shorter salt',
  'ES256 in DER',
  'RS256 over SHA-512',
] as const;

export async function createStamps(issuer: MockIssuer): Promise<StampSet> {
  await issuer.keys.rotate('ES256');
  const second = await issuer.keys.current('ES256');
  const [rsa, es, ps, ed] = await Promise.all(
    (['RS256', 'ES256', 'PS256', 'Ed25519'] as const).map((alg) => keyOf(issuer, alg)),
  );
  if (rsa === undefined || es === undefined || ps === undefined || ed === undefined)
    throw new Error('the issuer has no keys');
  const plain = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreignEc = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const foreignEd = generateKeyPairSync('ed25519').privateKey;
  const stamps: readonly Stamp[] = [
    stamp('ES256', 'ES256', es),
    stamp('RS256', 'RS256', rsa),
    stamp('PS256', 'PS256', ps),
    stamp('Ed25519', 'Ed25519', ed),
    stamp('second ES256', 'ES256', second),
    stamp('Ed25519 as EdDSA', 'EdDSA', ed),
    stamp('RSA without alg as RS256', 'RS256', { kid: 'plain', privateKey: plain.privateKey }),
    stamp('RSA without alg as PS256', 'PS256', { kid: 'plain', privateKey: plain.privateKey }),
    stamp('RS256 key as PS256', 'PS256', rsa),
    stamp('PS256 key as RS256', 'RS256', ps),
    stamp('foreign ES256', 'ES256', { kid: es.kid, privateKey: foreignEc }),
    stamp('foreign Ed25519', 'Ed25519', { kid: ed.kid, privateKey: foreignEd }),
    {
      ...stamp('PS256 with a shorter salt', 'PS256', ps),
      sign: (input) => sign('sha256', Buffer.from(input), { key: ps.privateKey, padding, saltLength: 20 }),
    },
    { ...stamp('ES256 in DER', 'ES256', es), sign: (input) => sign('sha256', Buffer.from(input), es.privateKey) },
    {
      ...stamp('RS256 over SHA-512', 'RS256', rsa),
      sign: (input) => sign('sha512', Buffer.from(input), rsa.privateKey),
    },
  ];
  return {
    jwks: {
      keys: [
        ...issuer.jwks.keys.map((jwk) => ({ ...jwk })),
        { ...plain.publicKey.export({ format: 'jwk' }), kid: 'plain' },
      ],
    },
    stamps: new Map(stamps.map((one) => [one.name, one])),
  };
}

const padding = constants.RSA_PKCS1_PSS_PADDING;

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/**
 * The first key of an algorithm. ES256 has a second key, so that two keys fit a token without
 * `kid`.
 */
async function keyOf(issuer: MockIssuer, alg: SignatureAlgorithm): Promise<Key> {
  if (alg !== 'ES256') return issuer.keys.current(alg);
  await issuer.keys.rotate('ES256');
  return issuer.keys.current('ES256');
}

function stamp(name: string, alg: string, { kid, privateKey }: Key): Stamp {
  return { name, alg, kid, sign: (input) => sign(digestOf(alg), Buffer.from(input, 'latin1'), parameters()) };

  function parameters() {
    if (privateKey.asymmetricKeyType === 'ec') return { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
    if (!alg.startsWith('PS')) return { key: privateKey };
    return { key: privateKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
}

function digestOf(alg: string): string | null {
  return alg.startsWith('Ed') ? null : 'sha256';
}
