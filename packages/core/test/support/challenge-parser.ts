/**
 * One challenge of a `WWW-Authenticate` line: the scheme, and the parameters by lower-case name.
 */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Names of the parameters whose value was quoted. */
  readonly quoted: ReadonlySet<string>;
}

const challengeStart = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?: +|$)/;
const parameter =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"((?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t \x21-\x7e])*)"|([!#$%&'*+\-.^_`|~0-9A-Za-z]+))/;
const separator = /^[ \t]*,[ \t]*/;

/**
 * Parses one line that contains one challenge with parameters (RFC 9110 section 11.6.1). The parser
 * is strict: no token68, no empty list members, no repeated parameter, no octet outside ASCII.
 */
export function parseChallenge(line: string): Challenge {
  const start = challengeStart.exec(line);
  if (start?.[1] === undefined) throw new Error(`no scheme: ${line}`);
  const parameters = new Map<string, string>();
  const quoted = new Set<string>();
  for (let rest = line.slice(start[0].length); rest !== ''; ) {
    const found = parameter.exec(rest);
    if (found?.[1] === undefined) throw new Error(`no parameter: ${rest}`);
    const name = found[1].toLowerCase();
    if (parameters.has(name)) throw new Error(`twice: ${name}`);
    parameters.set(name, found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '');
    if (found[2] !== undefined) quoted.add(name);
    rest = rest.slice(found[0].length);
    if (rest === '') break;
    const comma = separator.exec(rest);
    if (comma === null || comma[0].length === rest.length) throw new Error(`no list: ${rest}`);
    rest = rest.slice(comma[0].length);
  }
  return { scheme: start[1], parameters, quoted };
}
