import type { KeyObject } from 'node:crypto';
import { assertSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.js';
import { type Random, systemRandom } from './random.js';
import {
  type JwkSet,
  makeSigningKey,
  makeSigningKeySync,
  randomKid,
  readKey,
  type SigningKey,
  saveKey,
} from './signing-key.js';
import type { Persistent } from './state/persistent.js';
import { list, shape, text } from './state/read.js';

/** The key that signs now. */
export interface CurrentKey {
  readonly kid: string;
  readonly publicJwk: SigningKey['publicJwk'];
  readonly privateKey: KeyObject;
}

/** Control over the issuer's signature keys. `alg` is the issuer's own default where left out; an unknown one is a TypeError. */
export interface Keys {
  /**
   * Makes a new key, publishes it and signs with it from now on: tokens and key sets asked for after this call wait for it. The key it
   * follows stays published until it is withdrawn.
   *
   * @returns the kid of the new key.
   */
  rotate(alg?: SignatureAlgorithm): Promise<string>;
  /**
   * Takes a key out of the JWKS. If it was the one that signs, the next token (or the next look at the JWKS) makes another.
   *
   * @throws RangeError when no published key has this kid.
   */
  withdraw(kid: string): void;
  /** The key that signs tokens of this algorithm; made now if there is none. */
  current(alg?: SignatureAlgorithm): Promise<CurrentKey>;
}

const readContent = shape<{ published: SigningKey[]; signing: string[] }>({
  published: list(readKey),
  signing: list(text),
});

/** Published keys by kid, and for each algorithm the one that signs. A key is made when it is first needed. */
export class KeyRing implements Keys, Persistent {
  readonly #defaultAlg: SignatureAlgorithm;
  readonly #announced: readonly SignatureAlgorithm[];
  readonly #random: Random;
  readonly #published = new Map<string, SigningKey>();
  readonly #signing = new Map<SignatureAlgorithm, SigningKey>();
  readonly #pending = new Map<SignatureAlgorithm, Promise<SigningKey>>();

  constructor(defaultAlg: SignatureAlgorithm, announced: readonly SignatureAlgorithm[], random: Random = systemRandom) {
    this.#defaultAlg = defaultAlg;
    this.#announced = announced;
    this.#random = random;
  }

  /** How many keys are published. Makes none. */
  get size(): number {
    return this.#published.size;
  }

  async rotate(alg: SignatureAlgorithm = this.#defaultAlg): Promise<string> {
    assertSignatureAlgorithm('keys.rotate', alg);
    return (await this.#make(alg, (made) => this.#publish(made))).kid;
  }

  withdraw(kid: string): void {
    const key = this.#published.get(kid);
    if (key === undefined) throw new RangeError('keys.withdraw: no published key has this kid');
    this.#published.delete(kid);
    if (this.#signing.get(key.alg) === key) this.#signing.delete(key.alg);
  }

  async current(alg: SignatureAlgorithm = this.#defaultAlg): Promise<CurrentKey> {
    assertSignatureAlgorithm('keys.current', alg);
    const { kid, publicJwk, privateKey } = await this.signingKey(alg);
    return { kid, publicJwk, privateKey };
  }

  /** The key that signs `alg`, made now if there is none; callers that meet here share one key. */
  async signingKey(alg: SignatureAlgorithm): Promise<SigningKey> {
    // A rotation that was asked for before is waited for, whether or not its caller does.
    const ready = this.#pending.get(alg) ?? this.#signing.get(alg);
    // A key that got here while this one was being made is the one to use, and this one was seen by nobody.
    return ready ?? this.#make(alg, (made) => this.#signing.get(alg) ?? this.#publish(made));
  }

  /** The kid that signs `alg`, if a key was made. */
  signingKid(alg: SignatureAlgorithm): string | undefined {
    return this.#signing.get(alg)?.kid;
  }

  /** The set with a key for every announced algorithm, missing ones made in the thread pool. */
  async jwks(): Promise<JwkSet> {
    await Promise.all(this.#announced.map((alg) => this.signingKey(alg)));
    await Promise.all(this.#pending.values());
    return this.#set();
  }

  /** As {@link jwks}, missing keys made on the spot. */
  jwksSync(): JwkSet {
    for (const alg of this.#announced) {
      if (!this.#signing.has(alg)) this.#publish(makeSigningKeySync(alg, randomKid(alg, this.#random)));
    }
    return this.#set();
  }

  /** A key that is being made is not among them: nobody has seen it. */
  snapshot(): unknown {
    return {
      published: Array.from(this.#published.values(), saveKey),
      signing: Array.from(this.#signing.values(), ({ kid }) => kid),
    };
  }

  restore(data: unknown): void {
    const { published, signing } = readContent(data, '');
    for (const key of published) this.#published.set(key.kid, key);
    for (const key of published) if (signing.includes(key.kid)) this.#signing.set(key.alg, key);
  }

  #make(alg: SignatureAlgorithm, take: (made: SigningKey) => SigningKey): Promise<SigningKey> {
    // One after the other: of two rotations the later one signs.
    const earlier = this.#pending.get(alg) ?? Promise.resolve();
    // Drawn before anything is waited for, so that under a seed the order of calls decides, and not which key is made faster.
    const kid = randomKid(alg, this.#random);
    const making = earlier.then(() => makeSigningKey(alg, kid)).then(take);
    this.#pending.set(alg, making);
    return making.finally(() => {
      if (this.#pending.get(alg) === making) this.#pending.delete(alg);
    });
  }

  #publish(key: SigningKey): SigningKey {
    this.#published.set(key.kid, key);
    this.#signing.set(key.alg, key);
    return key;
  }

  #set(): JwkSet {
    return { keys: Array.from(this.#published.values(), ({ publicJwk }) => ({ ...publicJwk })) };
  }
}
