import fc from 'fast-check';

/**
 * One change of a text as data, so that a counterexample is readable. `at` and `to` are taken
 * modulo the length.
 */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'replace'; readonly at: number; readonly text: string }
  | { readonly kind: 'swap'; readonly at: number; readonly to: number }
  | { readonly kind: 'double'; readonly at: number; readonly length: number }
  | { readonly kind: 'case'; readonly at: number }
  | { readonly kind: 'segments'; readonly order: readonly number[] }
  | { readonly kind: 'octets'; readonly segment: number; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut octets'; readonly segment: number; readonly at: number }
  | { readonly kind: 'more octets'; readonly segment: number; readonly octets: Uint8Array };

const at = fc.nat({ max: 10_000 });
const oneOrTwo = fc.integer({ min: 1, max: 2 });
/** Characters that are special to a parser of tokens. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'AQgw-_+/=. ."{}\\\t\r\n%\0\u00e9\u{1d11e}') },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'ABCDabcd0123-_'), minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }) },
);

/** Changes of any text. */
const plain: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant('delete' as const), at, length: fc.oneof(oneOrTwo, at) }),
  fc.record({ kind: fc.constant('insert' as const), at, text }),
  fc.record({ kind: fc.constant('replace' as const), at, text }),
  fc.record({ kind: fc.constant('swap' as const), at, to: at }),
  fc.record({ kind: fc.constant('double' as const), at, length: fc.oneof(oneOrTwo, at) }),
  fc.record({ kind: fc.constant('case' as const), at }),
);

const segment = fc.nat({ max: 2 });
/**
 * Changes that keep the base64url of a token valid, so that the checks behind the decoder are
 * reached.
 */
const beneath: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('octets' as const), segment, at, bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant('cut octets' as const), segment, at }),
  fc.record({
    kind: fc.constant('more octets' as const),
    segment,
    octets: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('segments' as const),
    order: fc.array(segment, { minLength: 1, maxLength: 5 }),
  }),
);

/** One to three changes of a text that is not a token. */
export const textMutations: fc.Arbitrary<readonly Mutation[]> = fc.array(plain, { minLength: 1, maxLength: 3 });

/** One to three changes of a token. */
export const tokenMutations: fc.Arbitrary<readonly Mutation[]> = fc.array(fc.oneof(plain, beneath), {
  minLength: 1,
  maxLength: 3,
});

export function mutated(original: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((now, mutation) => (now === '' ? now : apply(now, mutation)), original);
}

function apply(now: string, mutation: Mutation): string {
  const place = 'at' in mutation ? mutation.at % now.length : 0;
  const [before, here, after] = [now.slice(0, place), now.charAt(place), now.slice(place + 1)];
  switch (mutation.kind) {
    case 'flip':
      return before + String.fromCharCode(here.charCodeAt(0) ^ (1 << mutation.bit)) + after;
    case 'delete':
      return before + now.slice(place + mutation.length);
    case 'insert':
      return before + mutation.text + now.slice(place);
    case 'replace':
      return before + mutation.text + after;
    case 'double':
      return before + now.slice(place, place + mutation.length) + now.slice(place);
    case 'case':
      return before + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + after;
    case 'swap':
      return swapped(now, place, mutation.to % now.length);
    case 'segments':
      return mutation.order.map((index) => now.split('.')[index] ?? '').join('.');
    case 'octets':
      return beneathSegment(now, mutation.segment, (octets) => flipped(octets, mutation.at, mutation.bit));
    case 'cut octets':
      return beneathSegment(now, mutation.segment, (octets) => octets.subarray(0, mutation.at % (octets.length + 1)));
    case 'more octets':
      return beneathSegment(now, mutation.segment, (octets) => Buffer.concat([octets, mutation.octets]));
  }
}

function swapped(now: string, left: number, right: number): string {
  const characters = now.split('');
  [characters[left], characters[right]] = [now.charAt(right), now.charAt(left)];
  return characters.join('');
}

function beneathSegment(now: string, index: number, change: (octets: Buffer) => Buffer): string {
  const segments = now.split('.');
  segments[index] = change(Buffer.from(segments[index] ?? '', 'base64url')).toString('base64url');
  return segments.join('.');
}

function flipped(octets: Buffer, where: number, bit: number): Buffer {
  if (octets.length === 0) return octets;
  const copy = Buffer.from(octets);
  const place = where % copy.length;
  copy.writeUInt8(copy.readUInt8(place) ^ (1 << bit), place);
  return copy;
}
