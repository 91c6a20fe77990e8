import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { scopeWords } from '../../packages/core/src/claims/claim-values.js';
import { fieldValue, nextLine } from '../../packages/core/src/credential/field-lines.js';
import { isToken68, schemeEnd } from '../../packages/core/src/credential/grammar.js';
import { readCredential } from '../../packages/core/src/credential/read-credential.js';
import { carriesTokenElsewhere } from '../../packages/core/src/credential/token-elsewhere.js';
import { looksLikeCompactJws } from '../../packages/core/src/jws/compact.js';
import { parseJsonObject } from '../../packages/core/src/jws/json.js';
import { Steps } from './support/counted.js';
import { deepObjectText, jsonObjectText } from './support/json-text.js';
import { propertiesOf } from './support/properties.js';

const property = propertiesOf(import.meta.filename);

/** The cost of a scanner for an empty text. */
const constant = 16;

/** At most four reads of each character, for any text. */
function expectLinear(text: string, scan: (counted: string, steps: Steps) => unknown): void {
  const steps = new Steps();
  scan(steps.count(text), steps);
  expect(steps.taken).toBeLessThanOrEqual(4 * text.length + constant);
}

/**
 * Repetitions of characters that a scanner loops over, and of those that end or restart its loops,
 * up to some thousand characters.
 */
function runsOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  const run = fc
    .tuple(fc.constantFrom(...pieces), fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 })))
    .map(([piece, times]) => piece.repeat(times));
  return fc.array(run, { maxLength: 12 }).map((runs) => runs.join(''));
}

describe('the cost of scanners per character', () => {
  property(
    'isToken68 and schemeEnd read each character at most four times [RS-9110-5.4-a]',
    runsOf('A', '=', '~', ' ', '"', 'é'),
    (text) => {
      expectLinear(text, isToken68);
      expectLinear(text, schemeEnd);
    },
  );

  property(
    'nextLine and fieldValue read names and surrounding whitespace at most four times per character',
    runsOf(' ', '\t', ' x', 'a\t', 'é'),
    (text) => {
      expectLinear(text, (value) => nextLine(['host', value, 'authorization', value], 'authorization'));
      expectLinear(text, (value) => fieldValue(['authorization', value], 0));
      expectLinear(text, (name) => nextLine([name, 'x', name, 'y'], 'authorization'));
    },
  );

  property(
    'readCredential reads an Authorization line at most four times per character',
    fc.oneof(
      runsOf(' ', '\t', 'Bearer', 'Bearer ', 'a', '='),
      runsOf('a', '=', '.').map((text) => `  Bearer   ${text}  `),
    ),
    (text) => {
      expectLinear(text, (value) => {
        readCredential({ method: 'GET', url: '/', rawHeaders: ['Authorization', value] }, { tokenElsewhere: 'reject' });
      });
    },
  );

  property('looksLikeCompactJws reads each character at most four times', runsOf('.', 'a', 'a.', '..'), (text) => {
    expectLinear(text, looksLikeCompactJws);
  });

  property(
    'scopeWords reads each character at most four times [RS-6750-3-h]',
    runsOf(' ', 'a', 'a ', '\t', 'é'),
    (text) => {
      expectLinear(text, scopeWords);
    },
  );
});

describe('the cost of reading the query', () => {
  /**
   * URLSearchParams reads its text once, which `String()` counts. The search for a name reads the
   * names once more.
   */
  class CountedSearchParams {
    readonly #parameters: URLSearchParams;

    constructor(query: string) {
      this.#parameters = new OriginalSearchParams(String(query));
    }

    has(name: string): boolean {
      return this.#parameters.has(name);
    }
  }
  const OriginalSearchParams = URLSearchParams;
  afterAll(() => {
    vi.unstubAllGlobals();
  });

  property(
    'carriesTokenElsewhere reads a query in at most four steps per character, percent signs included',
    runsOf('?', '&', '=', 'a', '%', '%5F', 'access_token', 'access_toke', 'access%5Ftoken&'),
    (text) => {
      vi.stubGlobal('URLSearchParams', CountedSearchParams);
      try {
        expectLinear(text, (url) => carriesTokenElsewhere({ method: 'GET', url, rawHeaders: [] }));
      } finally {
        vi.unstubAllGlobals();
      }
    },
  );
});

describe('the cost of reading JSON', () => {
  const steps = new Steps();

  /**
   * `jws/json.ts` gets its text from a buffer. Here the buffer returns a text that counts reads.
   */
  function stepsBeyondParsing(text: string): number {
    steps.taken = 0;
    const octets = Buffer.from(text);
    const read = vi.spyOn(Buffer.prototype, 'toString').mockReturnValue(steps.count(text));
    parseJsonObject(octets);
    read.mockRestore();
    // JSON.parse reads the text once before the scanner does.
    return steps.taken - text.length;
  }

  it('the control: parseJsonObject reads the counting text', () => {
    expect(stepsBeyondParsing('{"a":[1]}')).toBeGreaterThan(9);
  });

  const strings = runsOf('a', '\\"', '\\\\', '\\u0061', ' ', '{', ':', ',');
  const members = fc
    .array(fc.tuple(strings, runsOf(' ', '\t', '\n'), strings), { maxLength: 8 })
    .map((all) => `{${all.map(([name, space, value]) => `"${name}"${space}:${space}["${value}"${space}]`).join(',')}}`);
  const crowded = runsOf('"",', '[],', '{},', '0,', '{"":0},', '"a"\t,').map((items) => `{"":[${items}0]}`);

  property(
    'parseJsonObject takes at most six steps per character, two of them to choose the fast path [RS-9110-5.4-a]',
    fc.oneof(members, crowded, jsonObjectText, deepObjectText),
    (text) => {
      expect(stepsBeyondParsing(text)).toBeLessThanOrEqual(6 * text.length + constant);
    },
  );
});
