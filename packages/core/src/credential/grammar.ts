const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const tokenCharacters = characterTable(`${alphanumeric}!#$%&'*+-.^_\`|~`);
const token68Characters = characterTable(`${alphanumeric}-._~+/`);

/** One entry a code unit below 128; everything above is in no grammar of HTTP. */
function characterTable(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Where the scheme that `value` begins with ends: a token of RFC 9110 section 5.6.2; 0 when there is none. */
export function schemeEnd(value: string): number {
  return endOfRun(value, tokenCharacters);
}

/** Whether `value` is a token68 (RFC 9110 section 11.2): at least one of its characters, then only `=`. */
export function isToken68(value: string): boolean {
  let at = endOfRun(value, token68Characters);
  if (at === 0) return false;
  while (value[at] === '=') at++;
  return at === value.length;
}

function endOfRun(value: string, table: Uint8Array): number {
  let at = 0;
  while (at < value.length && table[value.charCodeAt(at)] === 1) at++;
  return at;
}
