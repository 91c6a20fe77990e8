import fc from 'fast-check';

/** Names with a meaning in JavaScript or OAuth, or that a careless parser might confuse. */
const names = ['', 'a', 'b', 'aud', 'exp', 'alg', '0', '00', '__proto__', 'constructor', 'toString', 'length', 'é'];

/** Spellings of one character that JSON reads as the same character. */
function spellings(character: string): readonly string[] {
  const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
  const escaped = [`\\u${hex}`, `\\u${hex.toUpperCase()}`];
  return character < ' ' || character === '"' || character === '\\' ? escaped : [character, ...escaped];
}

const spelled = (text: string) =>
  fc.tuple(...text.split('').map((character) => fc.constantFrom(...spellings(character)))).map((all) => all.join(''));

const stringPiece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abc \'/.:,{}[]"\\\u2028é\u{1d11e}').chain(spelled) },
  { weight: 2, arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t') },
  { weight: 1, arbitrary: fc.constantFrom('\\ud834\\udd1e', '\\ud800', '\\uDFFF', '\u007f') },
);
const quoted = (content: fc.Arbitrary<string>) => content.map((text) => `"${text}"`);
const stringText = quoted(fc.array(stringPiece, { maxLength: 6 }).map((pieces) => pieces.join('')));
const nameText = fc.oneof(
  { weight: 3, arbitrary: quoted(fc.constantFrom(...names).chain(spelled)) },
  { weight: 1, arbitrary: stringText },
);

const numberText = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('0', '-0', '0.0', '1E+2', '1e-400', '1e999', '-1e999', '12345678901234567890', '0.1000'),
);

const space = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 }) },
);
const spaced = (text: fc.Arbitrary<string>) => fc.tuple(space, text, space).map((parts) => parts.join(''));

const { value, object } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: spaced(
    fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(fc.constantFrom('true', 'false', 'null'), numberText, stringText),
      tie('array'),
      tie('object'),
    ),
  ),
  array: fc.array(tie('value'), { maxLength: 4 }).chain((items) => space.map((gap) => `[${items.join(',') || gap}]`)),
  object: fc
    .tuple(fc.array(fc.tuple(spaced(nameText), tie('value')), { maxLength: 5 }), space)
    .map(([members, gap]) => `{${members.map(([name, member]) => `${name}:${member}`).join(',') || gap}}`),
}));

/** JSON of one value, in every spelling that JSON permits. Members may be duplicated. */
export const jsonValueText: fc.Arbitrary<string> = value;

/** The same for one object. */
export const jsonObjectText: fc.Arbitrary<string> = spaced(object);

/** An object nested about as deeply as permitted, or slightly deeper. */
export const deepObjectText: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.constantFrom('[', '{"a":', '[0,', '{"b":"[","a" :'), { minLength: 26, maxLength: 40 }), object)
  .map(([openings, core]) => {
    const closings = openings.map((opening) => (opening.startsWith('[') ? ']' : '}')).reverse();
    return `{"top":${openings.join('')}${core}${closings.join('')}}`;
  });

/** Facts about JSON text, determined without the code under test. */
export interface JsonFacts {
  readonly depth: number;
  readonly hasDuplicates: boolean;
}

/** @param text JSON that `JSON.parse` reads as `parsed` */
export function jsonFacts(text: string, parsed: unknown): JsonFacts {
  // Outside of strings, each colon is one member and each opening bracket one level.
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
  let depth = 0;
  let open = 0;
  for (const character of bare) {
    if (character === '{' || character === '[') depth = Math.max(depth, ++open);
    if (character === '}' || character === ']') open--;
  }
  // JSON.parse drops the earlier of two duplicates, with everything in it.
  return { depth, hasDuplicates: bare.split(':').length - 1 > countMembers(parsed) };
}

function countMembers(parsed: unknown): number {
  if (typeof parsed !== 'object' || parsed === null) return 0;
  const own = Array.isArray(parsed) ? 0 : Object.keys(parsed).length;
  return Object.values(parsed).reduce((sum: number, item) => sum + countMembers(item), own);
}
