import { describe, expect, it } from 'vitest';
import { renderDenial } from '../../src/challenge/render-denial.js';
import { accessErrorCodes } from '../../src/errors.js';
import { Refusal, shown } from '../../src/model/refusal.js';
import { parseChallenge } from '../support/challenge-parser.js';

const settings = { realm: 'api' };
const render = (refusal: Refusal, scopes: readonly string[] = [], realm = 'api') =>
  renderDenial(refusal, scopes, { realm });

function challengeOf(refusal: Refusal, scopes: readonly string[] = [], realm = 'api') {
  const lines = render(refusal, scopes, realm).headers.filter(([name]) => name === 'WWW-Authenticate');
  expect(lines).toHaveLength(1);
  return parseChallenge(lines[0]?.[1] ?? '');
}

const challenged = accessErrorCodes.filter((code) => render(new Refusal(code)).status < 500);
const own = accessErrorCodes.filter((code) => !challenged.includes(code));

describe('a challenge that a strict RFC 9110 parser accepts (D-11)', () => {
  it.each(challenged)(
    'the challenge of %s is Bearer, realm first, values quoted (D-11) [RS-6750-3-b] [RS-6750-3-f]',
    (code) => {
      for (const scopes of [[], ['read'], ['read', 'urn:x:y', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"]]) {
        const { scheme, parameters, quoted } = challengeOf(new Refusal(code), scopes);
        expect(scheme).toBe('Bearer');
        expect([...parameters][0]).toEqual(['realm', 'api']);
        expect(quoted.size).toBe(parameters.size);
        for (const name of parameters.keys()) expect(['realm', 'error', 'error_description', 'scope']).toContain(name);
        const characters = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
        for (const value of parameters.values()) expect(value).toMatch(characters);
      }
    },
  );

  it.each([' ', "it's api (v1) [x] <y>, a=b; z=1"])('a challenge contains the realm %j unchanged', (realm) => {
    expect(challengeOf(new Refusal('credentials_missing'), [], realm).parameters.get('realm')).toBe(realm);
  });

  it.each(own)('the answer to %s has no WWW-Authenticate, since it is our own fault', (code) => {
    expect(render(new Refusal(code), ['read']).headers.map(([name]) => name)).not.toContain('WWW-Authenticate');
  });

  it.each(accessErrorCodes)('the answer to %s has Cache-Control: no-store exactly once [RS-9111-5.2-a]', (code) => {
    const lines = render(new Refusal(code)).headers.filter(([name]) => name === 'Cache-Control');
    expect(lines).toEqual([['Cache-Control', 'no-store']]);
  });
});

describe('the parameters of a challenge', () => {
  it('without credentials, challenge and body have no error (D-03) [RS-6750-3.1-d] [RS-9457-5-a]', () => {
    const { parameters } = challengeOf(new Refusal('credentials_missing', { expected: 'x', found: shown('y') }));
    expect([...parameters.keys()]).toEqual(['realm']);
    expect(Object.keys(JSON.parse(render(new Refusal('credentials_missing')).body) as object)).toEqual([
      'type',
      'title',
      'status',
    ]);
  });

  it('without credentials the challenge names the scopes if the policy is known', () => {
    expect(challengeOf(new Refusal('credentials_missing'), ['a', 'b']).parameters.get('scope')).toBe('a b');
    expect(challengeOf(new Refusal('credentials_missing')).parameters.has('scope')).toBe(false);
  });

  it('the scope parameter names every scope that the route needs (D-07)', () => {
    const { parameters } = challengeOf(new Refusal('scope_insufficient'), ['a', 'b']);
    expect([parameters.get('error'), parameters.get('scope')]).toEqual(['insufficient_scope', 'a b']);
  });

  it.each(['claim_insufficient', 'token_expired', 'signature_invalid', 'credentials_malformed'] as const)(
    'the challenge of %s has no scope parameter',
    (code) => {
      expect(challengeOf(new Refusal(code), ['a']).parameters.has('scope')).toBe(false);
    },
  );

  it.each(accessErrorCodes)(
    'the answer to %s contains nothing of the refused value (D-12) [RS-9457-3.1.4-a]',
    (code) => {
      const secret = 'hush"\r\nSet-Cookie: a=b';
      const refusal = new Refusal(
        code,
        { expected: secret, found: shown(secret), cause: new Error(secret) },
        { issuer: secret },
      );
      const { headers, body, error } = render(refusal);
      expect(JSON.stringify([headers, body, error.headers, error.message, error.stack])).not.toMatch(/hush|Set-Cookie/);
      expect(error.detail).toEqual({ expected: secret, found: JSON.stringify(secret) });
    },
  );

  it('error_description of the challenge equals detail of the problem document', () => {
    for (const code of challenged) {
      const { detail } = JSON.parse(render(new Refusal(code)).body) as { detail?: string };
      expect(challengeOf(new Refusal(code)).parameters.get('error_description')).toBe(detail);
    }
  });
});

describe('Retry-After, in whole seconds from 1 to 120 (D-08)', () => {
  it.each([
    [-5, '1'],
    [0, '1'],
    [0.2, '1'],
    [1, '1'],
    [1.000_1, '2'],
    [29.5, '30'],
    [30, '30'],
    [119.2, '120'],
    [120, '120'],
    [121, '120'],
    [86_400, '120'],
    [1e21, '120'],
    [Number.POSITIVE_INFINITY, '120'],
  ])('Retry-After of a refusal with %d seconds is %s (D-08)', (retryAfterSeconds, expected) => {
    const { headers, error } = render(new Refusal('keys_unavailable', { retryAfterSeconds }));
    expect(headers).toContainEqual(['Retry-After', expected]);
    expect(error.headers).toHaveProperty('Retry-After', expected);
  });

  it.each([undefined, Number.NaN])(
    'a refusal with retryAfterSeconds %d has no Retry-After header (D-08)',
    (retryAfterSeconds) => {
      const refusal = new Refusal('keys_unavailable', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
      expect(render(refusal).headers).toEqual([
        ['Cache-Control', 'no-store'],
        ['Content-Type', 'application/problem+json'],
      ]);
    },
  );
});

describe('a Denied decision', () => {
  it('a denial is frozen, and each of its header pairs too', () => {
    const denial = renderDenial(new Refusal('keys_unavailable', { retryAfterSeconds: 1 }), [], settings);
    for (const part of [denial, denial.headers, ...denial.headers, denial.error.headers]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(render(new Refusal('token_expired')).headers[0])).toBe(true);
  });

  it('a denial keeps the cause for operators in error.cause', () => {
    const cause = new Error('broken');
    expect(render(new Refusal('callback_failed', { cause })).error.cause).toBe(cause);
  });
});

describe('the cache of rendered answers', () => {
  const lineOf = (refusal: Refusal, name: string, scopes: readonly string[] = []) =>
    renderDenial(refusal, scopes, settings).headers.find(([candidate]) => candidate === name)?.[1];
  const down = (retryAfterSeconds: number) => new Refusal('keys_unavailable', { retryAfterSeconds });

  it('two refusals of one code share headers and body, but have separate errors', () => {
    const refusal = new Refusal('token_expired', { found: shown(1) });
    const [one, other] = [
      renderDenial(refusal, [], settings),
      renderDenial(new Refusal('token_expired'), [], settings),
    ];
    expect(one.headers).toBe(other.headers);
    expect(one.error).not.toBe(other.error);
    expect([one.error.detail, other.error.detail]).toEqual([{ found: '1' }, {}]);
    expect(renderDenial(refusal, [], { realm: 'other' }).headers).not.toBe(one.headers);
  });

  it('the scopes of a route do not change an answer that does not name scopes', () => {
    const refusal = new Refusal('token_expired');
    expect(renderDenial(refusal, ['read'], settings).headers).toBe(renderDenial(refusal, [], settings).headers);
  });

  it('each refusal has its own Retry-After, cached answers included', () => {
    expect([7, 9, 7].map((seconds) => lineOf(down(seconds), 'Retry-After'))).toEqual(['7', '9', '7']);
    expect(lineOf(new Refusal('keys_unavailable'), 'Retry-After')).toBeUndefined();
    expect(lineOf(down(5), 'Retry-After')).toBe('5');
  });

  it('each route has its own scope parameter, cached answers included', () => {
    const refusal = new Refusal('scope_insufficient');
    const scopesOf = (...scopes: readonly string[]) =>
      lineOf(refusal, 'WWW-Authenticate', scopes)?.match(/scope="(.*)"/)?.[1];
    expect([scopesOf('read'), scopesOf('write', 'admin'), scopesOf(), scopesOf('read')]).toEqual([
      'read',
      'write admin',
      undefined,
      'read',
    ]);
    expect(renderDenial(refusal, [], settings).headers).toBe(renderDenial(refusal, [], settings).headers);
  });
});
