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

describe('D-11: a challenge is one a strict RFC 9110 parser reads', () => {
  it.each(challenged)('[RS-6750-3-b] [RS-6750-3-f] %s: Bearer, the realm first, every value quoted', (code) => {
    for (const scopes of [[], ['read'], ['read', 'urn:x:y', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"]]) {
      const { scheme, parameters, quoted } = challengeOf(new Refusal(code), scopes);
      expect(scheme).toBe('Bearer');
      expect([...parameters][0]).toEqual(['realm', 'api']);
      expect(quoted.size).toBe(parameters.size);
      for (const name of parameters.keys()) expect(['realm', 'error', 'error_description', 'scope']).toContain(name);
      const characters = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
      for (const value of parameters.values()) expect(value).toMatch(characters);
    }
  });

  it.each([' ', "it's api (v1) [x] <y>, a=b; z=1"])('the realm %j is itself', (realm) => {
    expect(challengeOf(new Refusal('credentials_missing'), [], realm).parameters.get('realm')).toBe(realm);
  });

  it.each(own)('%s is our own fault and asks for no credentials', (code) => {
    expect(render(new Refusal(code), ['read']).headers.map(([name]) => name)).not.toContain('WWW-Authenticate');
  });

  it.each(accessErrorCodes)('[RS-9111-5.2-a] %s: no-store, once', (code) => {
    const lines = render(new Refusal(code)).headers.filter(([name]) => name === 'Cache-Control');
    expect(lines).toEqual([['Cache-Control', 'no-store']]);
  });
});

describe('what a challenge tells', () => {
  it('[RS-6750-3.1-d] [RS-9457-5-a] D-03: without credentials neither challenge nor body has an error', () => {
    const { parameters } = challengeOf(new Refusal('credentials_missing', { expected: 'x', found: shown('y') }));
    expect([...parameters.keys()]).toEqual(['realm']);
    expect(Object.keys(JSON.parse(render(new Refusal('credentials_missing')).body) as object)).toEqual([
      'type',
      'title',
      'status',
    ]);
  });

  it('without credentials the scopes are named when the policy is known', () => {
    expect(challengeOf(new Refusal('credentials_missing'), ['a', 'b']).parameters.get('scope')).toBe('a b');
    expect(challengeOf(new Refusal('credentials_missing')).parameters.has('scope')).toBe(false);
  });

  it('D-07: scope names all that the route needs', () => {
    const { parameters } = challengeOf(new Refusal('scope_insufficient'), ['a', 'b']);
    expect([parameters.get('error'), parameters.get('scope')]).toEqual(['insufficient_scope', 'a b']);
  });

  it.each(['claim_insufficient', 'token_expired', 'signature_invalid', 'credentials_malformed'] as const)(
    '%s names no scope',
    (code) => {
      expect(challengeOf(new Refusal(code), ['a']).parameters.has('scope')).toBe(false);
    },
  );

  it.each(accessErrorCodes)(
    '[RS-9457-3.1.4-a] D-12: the answer to %s has nothing in it of what was refused',
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

  it('error_description and detail are one text', () => {
    for (const code of challenged) {
      const { detail } = JSON.parse(render(new Refusal(code)).body) as { detail?: string };
      expect(challengeOf(new Refusal(code)).parameters.get('error_description')).toBe(detail);
    }
  });
});

describe('D-08: Retry-After is whole seconds from 1 to 120', () => {
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
  ])('%d: %s', (retryAfterSeconds, expected) => {
    const { headers, error } = render(new Refusal('keys_unavailable', { retryAfterSeconds }));
    expect(headers).toContainEqual(['Retry-After', expected]);
    expect(error.headers).toHaveProperty('Retry-After', expected);
  });

  it.each([undefined, Number.NaN])('only who says when gets the header, and %d is no time', (retryAfterSeconds) => {
    const refusal = new Refusal('keys_unavailable', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    expect(render(refusal).headers).toEqual([
      ['Cache-Control', 'no-store'],
      ['Content-Type', 'application/problem+json'],
    ]);
  });
});

describe('a denial', () => {
  it('is frozen, its headers line by line too', () => {
    const denial = renderDenial(new Refusal('keys_unavailable', { retryAfterSeconds: 1 }), [], settings);
    for (const part of [denial, denial.headers, ...denial.headers, denial.error.headers]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(render(new Refusal('token_expired')).headers[0])).toBe(true);
  });

  it('keeps the cause for operators', () => {
    const cause = new Error('broken');
    expect(render(new Refusal('callback_failed', { cause })).error.cause).toBe(cause);
  });
});

describe('an answer is rendered once, where nothing in it can change', () => {
  const lineOf = (refusal: Refusal, name: string, scopes: readonly string[] = []) =>
    renderDenial(refusal, scopes, settings).headers.find(([candidate]) => candidate === name)?.[1];
  const down = (retryAfterSeconds: number) => new Refusal('keys_unavailable', { retryAfterSeconds });

  it('the same headers and body for the next request, and an error of its own', () => {
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

  it('the scopes of a route where nobody is told them are no other answer', () => {
    const refusal = new Refusal('token_expired');
    expect(renderDenial(refusal, ['read'], settings).headers).toBe(renderDenial(refusal, [], settings).headers);
  });

  it('each Retry-After is the one of its refusal', () => {
    expect([7, 9, 7].map((seconds) => lineOf(down(seconds), 'Retry-After'))).toEqual(['7', '9', '7']);
    expect(lineOf(new Refusal('keys_unavailable'), 'Retry-After')).toBeUndefined();
    expect(lineOf(down(5), 'Retry-After')).toBe('5');
  });

  it('each scope parameter is the one of its route', () => {
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
