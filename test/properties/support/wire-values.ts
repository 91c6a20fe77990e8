import fc from 'fast-check';
import { mutated, textMutations } from './mutations.js';

/**
 * Characters that Node's parser accepts in a field value (RFC 9110 section 5.5): tab, space,
 * visible ASCII, obs-text.
 */
const fieldCharacter = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  { weight: 1, arbitrary: fc.constant(0x09) },
);
const fieldText = fc.array(fieldCharacter, { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
const token68Text = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'ABCxyz019-._~+/'), minLength: 1, maxLength: 60 }),
    fc.string({ unit: fc.constant('='), maxLength: 3 }),
  )
  .map((parts) => parts.join(''));

const isFieldText = (text: string) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

/** Authorization values that can be received, similar and dissimilar to a valid one. */
export function authorizationValues(tokens: readonly string[]): fc.Arbitrary<string> {
  const token = fc.constantFrom(...tokens);
  const scheme = fc.constantFrom(
    'Bearer',
    'bearer',
    'BEARER',
    'bEaReR',
    'Bearer',
    'DPoP',
    'Basic',
    'Bear',
    'Bearerx',
    '',
  );
  const gap = fc.constantFrom(' ', ' ', ' ', '  ', '', '\t', ' \t', ',', '/', '=');
  const credential = fc.oneof(token, token68Text, fieldText);
  const written = fc
    .tuple(scheme, gap, credential, fc.constantFrom('', '', ' ', '\t ', '='))
    .map((parts) => parts.join(''));
  return fc
    .oneof(
      { weight: 3, arbitrary: written },
      { weight: 2, arbitrary: token.map((one) => `Bearer ${one}`) },
      {
        weight: 2,
        arbitrary: fc.tuple(token, textMutations).map(([one, changes]) => mutated(`Bearer ${one}`, changes)),
      },
      { weight: 1, arbitrary: fieldText },
    )
    .filter(isFieldText);
}

const pair = fc.constantFrom(
  'access_token=x',
  'access_token',
  'access_token=',
  'access%5Ftoken=x',
  '%61ccess_token=x',
  'access_token%00=x',
  'access+token=x',
  'ACCESS_TOKEN=x',
  'xaccess_token=x',
  'access_token[]=x',
  'yes',
  '%',
  '%zz=%',
  '=',
);
const queryText = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });

/** Queries that can be received, with their question mark, or none. */
export const queries: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.array(fc.oneof(pair, queryText), { maxLength: 3 }).map((all) => `?${all.join('&')}`) },
  { weight: 1, arbitrary: fc.array(pair, { maxLength: 3 }).map((all) => `?${all.join(';')}`) },
);
