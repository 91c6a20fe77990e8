import { type Random, randomText } from '../random.js';
import type { Store } from '../state/persistent.js';
import { list, type Read, shape, text, whole } from '../state/read.js';

/** A nonce, and of which stretch it is. */
interface Nonce {
  readonly stretch: number;
  readonly nonce: string;
}

const readNonce: Read<Nonce> = shape<Nonce>({ stretch: whole, nonce: text });
const readContent = shape<{ stretchSeconds: number; nonces: Nonce[] }>({
  stretchSeconds: whole,
  nonces: list(readNonce),
});

/** The nonces of DPoP proofs (RFC 9449 section 8): one for each stretch of time, of which the latest two are good. */
export class NonceStore implements Store {
  readonly #random: Random;
  readonly #stretchSeconds: number;
  readonly #nonces = new Map<number, string>();

  constructor(random: Random, stretchSeconds: number) {
    this.#random = random;
    this.#stretchSeconds = stretchSeconds;
  }

  /** The nonce to use now. */
  current(nowSeconds: number): string {
    const stretch = this.#stretchOf(nowSeconds);
    for (const known of this.#nonces.keys()) if (known < stretch - 1) this.#nonces.delete(known);
    const nonce = this.#nonces.get(stretch) ?? randomText(this.#random, 'nonce');
    this.#nonces.set(stretch, nonce);
    return nonce;
  }

  /** Whether it is the nonce of now or the one before it. */
  isRecent(nonce: unknown, nowSeconds: number): boolean {
    const stretch = this.#stretchOf(nowSeconds);
    return nonce !== undefined && [stretch, stretch - 1].some((one) => this.#nonces.get(one) === nonce);
  }

  /** None was ever handed out. */
  clear(): void {
    this.#nonces.clear();
  }

  snapshot(): unknown {
    const nonces = Array.from(this.#nonces, ([stretch, nonce]) => ({ stretch, nonce }));
    return { stretchSeconds: this.#stretchSeconds, nonces };
  }

  /** Stretches of another length have other numbers: a nonce of those is refused, and its client told the next one. */
  restore(data: unknown): void {
    const { stretchSeconds, nonces } = readContent(data, '');
    if (stretchSeconds !== this.#stretchSeconds) return;
    for (const { stretch, nonce } of nonces) this.#nonces.set(stretch, nonce);
  }

  #stretchOf(nowSeconds: number): number {
    return Math.floor(nowSeconds / this.#stretchSeconds);
  }
}
