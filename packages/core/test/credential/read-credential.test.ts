import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { credentialOf, readCredential, refuseGrammar } from '../../src/credential/read-credential.js';
import { Credential } from '../../src/model/stages.js';
import { authorized, requestWith } from '../support/requests.js';
import { verdict } from '../support/verdict.js';

const settings = { tokenElsewhere: 'reject' } as const;

/** The token that was read, `anonymous`, or the code of the refusal. */
function read(rawHeaders: readonly string[]): string {
  const found = readCredential(requestWith(rawHeaders), settings);
  const answer = found instanceof Credential ? (refuseGrammar(found) ?? found) : found;
  if (answer === undefined) return 'anonymous';
  return answer instanceof Credential ? answer.token : verdict(answer);
}

const readLine = (value: string) => read(['Authorization', value]);

describe('Bearer credentials: a scheme, spaces, one token68 (RFC 9110 section 11.4)', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme is matched case-insensitively: %s', (scheme) => {
    expect(readLine(`${scheme} abc.DEF-1_2~3+4/5`)).toBe('abc.DEF-1_2~3+4/5');
  });

  it('readCredential returns a credential with scheme and token', () => {
    expect(readCredential(authorized('bearer abc'), settings)).toMatchObject({ scheme: 'Bearer', token: 'abc' });
  });

  it.each([
    ['several spaces', 'Bearer   abc', 'abc'],
    ['padding at the end', 'Bearer abc==', 'abc=='],
    ['one character', 'Bearer x', 'x'],
    ['white space around the line', ' \t Bearer abc \t ', 'abc'],
    ['a token with the value Bearer', 'Bearer Bearer', 'Bearer'],
  ])('Bearer credentials with %s are accepted', (_what, value, token) => {
    expect(readLine(value)).toBe(token);
  });

  it.each([
    ['nothing after the scheme', 'Bearer'],
    ['only spaces after the scheme', 'Bearer   '],
    ['a tab instead of the space', 'Bearer\tabc'],
    ['a tab after the space', 'Bearer \tabc'],
    ['a tab in the middle', 'Bearer a\tb'],
    ['two tokens', 'Bearer a b'],
    ['a comma', 'Bearer a,b'],
    ['a list of two credentials', 'Bearer a, Bearer b'],
    ['a trailing comma', 'Bearer a,'],
    ['quotes', 'Bearer "a"'],
    ['a parameter', 'Bearer token=a'],
    ['an equals sign in the middle', 'Bearer a=b'],
    ['equals signs alone', 'Bearer =='],
    ['an equals sign in front', 'Bearer =a'],
    ['a percent escape', 'Bearer a%20'],
    ['a letter outside ASCII', 'Bearer é'],
    ['a letter whose low byte is a letter', 'Bearer \u0141'],
    ['a NUL', 'Bearer a\0'],
    ['a line break', 'Bearer a\nb'],
    ['a trailing no-break space, which is not HTTP white space', 'Bearer a\u00a0'],
    ['a semicolon', 'Bearer a;b'],
    ['a JSON serialization', 'Bearer {"payload":"a"}'],
    ['a colon after the scheme', 'Bearer: a'],
    ['a slash after the scheme', 'Bearer/a'],
    ['a comma after the scheme', 'Bearer,a'],
    ['an equals sign after the scheme', 'Bearer=a'],
    ['a scheme in quotes', '"Bearer" a'],
    ['an invalid scheme', '(a) b'],
    ['a scheme outside ASCII', 'é a'],
  ])('credentials with %s are malformed (D-05)', (_what, value) => {
    expect(readLine(value)).toBe('credentials_malformed');
  });
});

describe('requests without Bearer credentials (D-03)', () => {
  it.each([
    ['no line', []],
    ['other headers only', ['Host', 'x', 'X-Authorization', 'Bearer abc', 'Proxy-Authorization', 'Bearer abc']],
    ['a cookie', ['Cookie', 'access_token=abc; Authorization=Bearer abc']],
    ['a header named Bearer', ['Bearer', 'abc']],
    ['an empty line', ['Authorization', '']],
    ['a line of white space', ['Authorization', ' \t ']],
    ['a value that is Authorization', ['X', 'Authorization', 'Y', 'Bearer abc']],
    ['Basic', ['Authorization', 'Basic dXNlcjpwYXNz']],
    ['Negotiate', ['Authorization', 'Negotiate abc==']],
    ['Digest with parameters', ['Authorization', 'Digest username="a", uri="/"']],
    ['an API key', ['Authorization', 'ApiKey abc']],
    ['a scheme alone', ['Authorization', 'Basic']],
    ['a scheme that begins with Bearer', ['Authorization', 'BearerX abc']],
    ['Bearer and token without a space', ['Authorization', 'Bearerabc']],
    ['a scheme that ends before its first letter outside ASCII', ['Authorization', 'Béarer abc']],
    ['a bare token', ['Authorization', 'abc.def.ghi']],
    ['another scheme before Bearer', ['Authorization', 'Basic abc, Bearer abc']],
    ['DPoP, until bindings exist', ['Authorization', 'DPoP abc']],
  ])('a request with %s is anonymous (D-03)', (_what, rawHeaders) => {
    expect(read(rawHeaders)).toBe('anonymous');
  });
});

describe('repeated Authorization lines (D-04)', () => {
  it.each([
    ['different', ['Authorization', 'Bearer a', 'Authorization', 'Bearer b']],
    ['identical', ['Authorization', 'Bearer a', 'Authorization', 'Bearer a']],
    ['in different case', ['authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer a']],
    ['with others between them', ['Authorization', 'Bearer a', 'Host', 'x', 'Authorization', 'Bearer b']],
    ['the second empty', ['Authorization', 'Bearer a', 'Authorization', '']],
    ['the first empty', ['Authorization', '', 'Authorization', 'Bearer a']],
    ['the first of another scheme', ['Authorization', 'Basic a', 'Authorization', 'Bearer a']],
    ['both of another scheme', ['Authorization', 'Basic a', 'Authorization', 'Basic b']],
    ['three', Array(3).fill(['Authorization', 'Bearer a']).flat() as string[]],
  ])('repeated Authorization lines are refused: %s (D-04)', (_what, rawHeaders) => {
    expect(read(rawHeaders)).toBe('credentials_repeated');
    expect(read(rawHeaders.slice(0, 2))).not.toBe('credentials_repeated');
  });
});

describe('credentialOf, for a token without a scheme', () => {
  it('a token without a scheme is a bearer credential if it is a token68', () => {
    const credential = credentialOf('abc.def.ghi==');
    expect(credential).toMatchObject({ scheme: 'Bearer', token: 'abc.def.ghi==' });
  });

  it.each([undefined, null, '', 1, {}, ['abc']])('credentialOf(%j) yields credentials_missing', (token) => {
    expect(verdict(credentialOf(token))).toBe('credentials_missing');
  });

  it.each(['a b', ' abc', 'abc ', 'Bearer abc', 'a=b', '"abc"', 'é', 'a,b', '='])(
    'credentialOf(%j) yields token_malformed',
    (token) => {
      expect(verdict(credentialOf(token))).toBe('token_malformed');
    },
  );
});

it('inspect and JSON of a credential do not contain the token', () => {
  const credential = readCredential(authorized('Bearer hush'), settings);
  expect(credential).toBeInstanceOf(Credential);
  expect(inspect(credential, { showHidden: true, depth: 9 }) + JSON.stringify(credential)).not.toContain('hush');
});
