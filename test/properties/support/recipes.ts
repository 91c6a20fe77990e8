import fc from 'fast-check';
import { jsonValueText } from './json-text.js';
import { ownStamps, type Stamp, type StampSet, stampNames } from './stamps.js';

/** The audience, the time and the clock tolerance of a valid token. */
export const audience = 'https://api.example.com';
export const nowSeconds = 1_800_000_000;
export const toleranceSeconds = 30;

/** A member of an object as JSON text; without a value the member is removed. */
export type Member = readonly [name: string, valueText: string | undefined];

/** A change of a segment, before or after it is signed. */
type Spelling = 'as it should be' | 'padded' | 'trailing bits' | 'white space' | 'other alphabet' | 'cut';

/** A description of a token, as data. */
export interface Recipe {
  /** One of {@link stampNames}. */
  readonly stamp: string;
  readonly header: readonly Member[];
  readonly claims: readonly Member[];
  /** Duplicate members, written behind the others. */
  readonly repeated: { readonly header: readonly Member[]; readonly claims: readonly Member[] };
  /** Octets in front of the payload, and in the text of a claim. */
  readonly before: string;
  readonly junk: readonly number[];
  /** Levels of arrays in a claim. */
  readonly depth: number;
  /** Characters in a claim. */
  readonly padding: number;
  readonly spelling: { readonly segment: number; readonly how: Spelling; readonly isSigned: boolean };
  readonly signature: 'right' | 'bit flipped' | 'cut' | 'longer' | 'empty' | 'zeros';
}

/** The recipe of a valid token. */
export const plainRecipe: Recipe = {
  stamp: 'ES256',
  header: [],
  claims: [],
  repeated: { header: [], claims: [] },
  before: '',
  junk: [],
  depth: 0,
  padding: 0,
  spelling: { segment: 0, how: 'as it should be', isSigned: true },
  signature: 'right',
};

type Values = Readonly<Record<string, readonly (string | undefined)[]>>;

const json = (...values: readonly unknown[]): readonly string[] => values.map((value) => JSON.stringify(value));
const long = (length: number) => 'k'.repeat(length);

const dates: readonly string[] = [
  ...[-31, -30.5, -30, -29.5, -29, 0, 29, 29.5, 30, 30.5, 31].map((seconds) => String(nowSeconds + seconds)),
  ...['0', '-1', '-0', '1e999', '-1e999', '1e-9', '99999999999', '99999999999.5', '100000000000'],
  ...[`${nowSeconds}000`, `"${nowSeconds + 300}"`, 'null', 'true', '[1]', '{}'],
];
const texts = json('ada', '', 'x y', 'é', null, 0, ['ada'], {});
const audiences = json(
  audience,
  [audience],
  ['https://other.example', audience],
  [audience, audience],
  [audience, 7],
  [null],
  [],
  '',
  `${audience}/`,
  `${audience}.evil.example`,
  'https://API.example.com',
  [[audience]],
  { [audience]: 1 },
  null,
);

/** Significant values of each significant claim, its absence included. */
const claimValues = (issuer: string): Values => ({
  exp: [...dates, undefined],
  iat: [...dates, undefined],
  nbf: dates,
  sub: [...texts, undefined],
  client_id: [...texts, undefined],
  jti: [...texts, ...json(long(256), long(257)), undefined],
  iss: [...json(issuer, `${issuer}/`, issuer.toUpperCase(), [issuer], null, 1), undefined],
  aud: [...audiences, undefined],
  scope: [...json('read', '', 'read  write', ['read'], null, 1, { read: true }), undefined],
  cnf: json({ jkt: 'x' }, {}, null, 'x'),
  nonce: texts,
  typ: json('Bearer', 'ID'),
  azp: texts,
});

/** The same for each header parameter. */
const headerValues = (issuer: string, kids: readonly string[]): Values => ({
  alg: [
    ...json('ES256', 'RS256', 'PS256', 'Ed25519', 'EdDSA', 'HS256', 'none', 'es256', 'ES256 ', '', null, ['ES256']),
    undefined,
  ],
  typ: [
    ...json('AT+JWT', 'application/at+jwt', 'Application/AT+JWT', 'JWT', 'at+jwt ', '/at+jwt', 'dpop+jwt', '', null, 1),
    undefined,
  ],
  kid: [...json(...kids, '', long(256), long(257), '__proto__', null, 1, ['x']), undefined],
  crit: json(['b64'], ['exp'], [], 'b64', null),
  b64: json(true, false, null),
  iss: json(issuer, 'https://other.example', null),
  sub: json('ada', 'eve', null),
  aud: json(audience, [audience], 'https://other.example', null),
  jwk: json({ kty: 'oct', k: 'AAAA' }),
  jku: json('https://evil.example/jwks'),
  cty: json('JWT'),
  zip: json('DEF'),
});

function members(values: Values): fc.Arbitrary<Member> {
  const known = fc
    .constantFrom(...Object.keys(values))
    .chain((name) => fc.constantFrom(...(values[name] ?? [])).map((text): Member => [name, text]));
  const near = fc.tuple(
    fc.constantFrom('exp', 'nbf', 'iat'),
    fc.double({ min: -31.5, max: 31.5, noNaN: true }).map((seconds) => String(nowSeconds + seconds)),
  );
  const unknown = fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'x'), fc.string()), jsonValueText);
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: near }, { weight: 1, arbitrary: unknown });
}

const spellings = ['padded', 'trailing bits', 'white space', 'other alphabet', 'cut'] as const;
const wrongSignatures = ['bit flipped', 'cut', 'longer', 'empty', 'zeros'] as const;

/** Every recipe with one of the faults of this file, with each algorithm where it may matter. */
export function singleFaults(issuer: string, kids: readonly string[]): readonly Recipe[] {
  const changes = (values: Values) =>
    Object.entries(values).flatMap(([name, texts]) => texts.map((text): Member => [name, text]));
  const faults: ReadonlyArray<Partial<Recipe>> = [
    ...changes(headerValues(issuer, kids)).map((member) => ({ header: [member] })),
    ...wrongSignatures.map((signature) => ({ signature })),
    ...spellings.flatMap((how) =>
      [0, 1, 2].flatMap((segment) => [true, false].map((isSigned) => ({ spelling: { segment, how, isSigned } }))),
    ),
  ];
  return [
    ...stampNames.map((stamp) => ({ ...plainRecipe, stamp })),
    ...changes(claimValues(issuer)).map((member) => ({ ...plainRecipe, claims: [member] })),
    ...ownStamps.flatMap((stamp) => faults.map((fault) => ({ ...plainRecipe, ...fault, stamp }))),
  ];
}

/** Mostly `usual`, so that a token has few faults and many tokens have none. */
const mostly = <T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

/** Recipes of valid and of invalid tokens. */
export function recipesFor(issuer: string, kids: readonly string[]): fc.Arbitrary<Recipe> {
  const claim = members(claimValues(issuer));
  const parameter = members(headerValues(issuer, kids));
  const stamps = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom<string[]>(...ownStamps) },
    { weight: 1, arbitrary: fc.constantFrom<string[]>(...stampNames) },
  );
  return fc.record({
    stamp: stamps,
    header: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(parameter, { maxLength: 2 })),
    claims: fc.oneof(fc.constant([]), fc.array(claim, { minLength: 1, maxLength: 3 })),
    repeated: fc.record({
      header: mostly([], fc.array(parameter, { minLength: 1, maxLength: 1 })),
      claims: mostly([], fc.array(claim, { minLength: 1, maxLength: 1 })),
    }),
    before: mostly('', fc.constantFrom('\ufeff', ' ', '\n', 'x')),
    junk: mostly([], fc.array(fc.integer({ min: 0x20, max: 0xff }), { minLength: 1, maxLength: 3 })),
    depth: mostly(0, fc.integer({ min: 28, max: 36 })),
    padding: mostly(0, fc.integer({ min: 5500, max: 6500 })),
    spelling: mostly(
      plainRecipe.spelling,
      fc.record({
        segment: fc.nat({ max: 2 }),
        how: fc.constantFrom<Spelling[]>(...spellings),
        isSigned: fc.boolean(),
      }),
    ),
    signature: mostly<Recipe['signature']>('right', fc.constantFrom(...wrongSignatures)),
  });
}

/** Creates the token that a recipe describes. */
export function tokenOf(recipe: Recipe, issuer: string, { stamps }: StampSet): string {
  const stamp = stamps.get(recipe.stamp);
  if (stamp === undefined) throw new Error(`unknown stamp ${recipe.stamp}`);
  const header = objectText(overlaid(baseHeader(stamp), recipe.header), recipe.repeated.header);
  const segments = [Buffer.from(header), payloadOf(recipe, issuer)].map((octets) => octets.toString('base64url'));
  const { how, segment, isSigned } = recipe.spelling;
  const spell = () => {
    segments[segment] = spelled(segments[segment] ?? '', how);
  };
  if (isSigned && segment < 2) spell();
  segments.push(spoiled(stamp.sign(segments.join('.')), recipe.signature).toString('base64url'));
  if (!isSigned || segment === 2) spell();
  return segments.join('.');
}

const baseHeader = ({ alg, kid }: Stamp): readonly Member[] => [
  ['alg', JSON.stringify(alg)],
  ['typ', '"at+jwt"'],
  ['kid', JSON.stringify(kid)],
];

const baseClaims = (issuer: string): readonly Member[] => [
  ['iss', JSON.stringify(issuer)],
  ['exp', String(nowSeconds + 300)],
  ['aud', JSON.stringify(audience)],
  ['sub', '"ada"'],
  ['client_id', '"web"'],
  ['iat', String(nowSeconds)],
  ['jti', '"jti-1"'],
  ['scope', '"read"'],
];

function payloadOf({ claims, repeated, before, junk, depth, padding }: Recipe, issuer: string): Buffer {
  const extra: Member[] = [];
  if (depth > 0) extra.push(['deep', '['.repeat(depth) + ']'.repeat(depth)]);
  if (padding > 0) extra.push(['padding', `"${'p'.repeat(padding)}"`]);
  const text = before + objectText([...overlaid(baseClaims(issuer), claims), ...extra], repeated.claims);
  if (junk.length === 0) return Buffer.from(text);
  const octets = [Buffer.from(text.slice(0, -1)), Buffer.from(',"junk":"'), Buffer.from(junk), Buffer.from('"}')];
  return Buffer.concat(octets);
}

/** `base` with `changes`; each name occurs once. */
export function overlaid(base: readonly Member[], changes: readonly Member[]): readonly Member[] {
  return [...new Map([...base, ...changes])];
}

/** @param behind members written after the others, duplicates included */
export function objectText(all: readonly Member[], behind: readonly Member[] = []): string {
  const written = [...all, ...behind].filter(([, text]) => text !== undefined);
  return `{${written.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function spelled(segment: string, how: Spelling): string {
  const last = alphabet.indexOf(segment.slice(-1));
  switch (how) {
    case 'padded':
      return segment.padEnd(Math.ceil(segment.length / 4) * 4, '=');
    case 'trailing bits':
      return segment.slice(0, -1) + (alphabet[last ^ 1] ?? '');
    case 'white space':
      return `${segment.slice(0, 4)}\n ${segment.slice(4)}`;
    case 'other alphabet':
      return segment.replaceAll('-', '+').replaceAll('_', '/');
    case 'cut':
      return segment.slice(0, -1);
    default:
      return segment;
  }
}

function spoiled(signature: Buffer, how: Recipe['signature']): Buffer {
  switch (how) {
    case 'bit flipped':
      signature.writeUInt8(signature.readUInt8(7) ^ 1, 7);
      return signature;
    case 'cut':
      return signature.subarray(0, -1);
    case 'longer':
      return Buffer.concat([signature, Buffer.alloc(1)]);
    case 'empty':
      return Buffer.alloc(0);
    case 'zeros':
      return Buffer.alloc(signature.length);
    default:
      return signature;
  }
}
