/** The number of characters read, one by one or by the native functions that a scanner calls. */
export class Steps {
  taken = 0;

  /** A text that counts every read of a character. */
  count(text: string): string {
    return new Proxy(new CountedText(text, this), {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) return target.charAt(Number(name));
        return bound(target, name);
      },
    }) as unknown as string;
  }
}

function bound(target: CountedText, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  // A function without a count would make the total too small.
  if (member === undefined && typeof name === 'string') throw new Error(`String.prototype.${name} is not counted`);
  return typeof member === 'function' ? member.bind(target) : member;
}

/** The string functions that the scanners use. Each character that must be read is one step. */
class CountedText {
  readonly #text: string;
  readonly #steps: Steps;

  constructor(text: string, steps: Steps) {
    this.#text = text;
    this.#steps = steps;
  }

  get length(): number {
    return this.#text.length;
  }

  charAt(at: number): string | undefined {
    this.#steps.taken += 1;
    return this.#text[at];
  }

  charCodeAt(at: number): number {
    this.#steps.taken += 1;
    return this.#text.charCodeAt(at);
  }

  /**
   * A part is counted like the whole. Creating it costs no step, since the engine shares the
   * characters.
   */
  slice(start?: number, end?: number): string {
    return this.#steps.count(this.#text.slice(start, end));
  }

  indexOf(wanted: string, from = 0): number {
    const found = this.#text.indexOf(wanted, from);
    this.#steps.taken += (found === -1 ? this.#text.length : found + wanted.length) - from;
    return found;
  }

  lastIndexOf(wanted: string): number {
    const found = this.#text.lastIndexOf(wanted);
    this.#steps.taken += this.#text.length - Math.max(0, found);
    return found;
  }

  includes(wanted: string): boolean {
    return this.indexOf(wanted) !== -1;
  }

  startsWith(wanted: string): boolean {
    this.#steps.taken += wanted.length;
    return this.#text.startsWith(wanted);
  }

  toLowerCase(): string {
    this.#steps.taken += this.#text.length;
    return this.#text.toLowerCase();
  }

  split(separator: string): string[] {
    this.#steps.taken += this.#text.length;
    return this.#text.split(separator);
  }

  /** For native functions that read the text once from start to end. */
  toString(): string {
    this.#steps.taken += this.#text.length;
    return this.#text;
  }
}
