import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/options/parse-options.js';
import { systemClock } from '../../src/options/system-clock.js';
import { createResourceServer } from '../../src/resource-server.js';
import { create, createWithIssuer, good, refusedOption } from '../support-network/options.js';

const notAString = [null, 7, true, {}, ['x']];
const notANumber = ['30', true, {}, [30], Number.NaN, Number.POSITIVE_INFINITY, 30n];

describe('default options', () => {
  it('parseOptions has the documented defaults', () => {
    expect(parseOptions(good)).toMatchObject({
      credentials: 'required',
      credential: { tokenElsewhere: 'reject' },
      token: { maxTokenBytes: 8192 },
      keys: { maxAgeSeconds: 600, staleMaxSeconds: 3600, cooldownSeconds: 30, timeoutSeconds: 3 },
      seed: new Map(),
      validity: { clockToleranceSeconds: 30, maxTokenAgeSeconds: undefined, clock: systemClock },
      auth: { schema: undefined, scopeImplies: new Map() },
      challenge: { realm: 'api' },
      clock: systemClock,
    });
  });

  it('an option that is undefined is an option that is not given', () => {
    const names = ['credentials', 'realm', 'maxTokenAgeSeconds', 'claims', 'scopeImplies', 'keys', 'clock'];
    expect(refusedOption(() => create(Object.fromEntries(names.map((name) => [name, undefined]))))).toBeUndefined();
  });

  it('null is refused for every option except audience', () => {
    const top = ['credentials', 'realm', 'clockToleranceSeconds', 'maxTokenAgeSeconds', 'maxTokenBytes'];
    for (const name of [...top, 'tokenElsewhere', 'claims', 'scopeImplies', 'keys', 'clock', 'issuer']) {
      expect(refusedOption(() => create({ [name]: null }))).toBe(name);
    }
    for (const name of [
      'maxAgeSeconds',
      'cooldownSeconds',
      'staleMaxSeconds',
      'timeoutSeconds',
      'allowedHosts',
      'seed',
    ]) {
      expect(refusedOption(() => create({ keys: { [name]: null } }))).toBe(`keys.${name}`);
    }
    for (const name of ['jwksUri', 'jwks', 'algorithms', 'tokenProfile', 'scopeClaims', 'dangerouslyAllowHttp']) {
      expect(refusedOption(() => createWithIssuer({ [name]: null }))).toBe(`issuer.${name}`);
    }
  });
});

describe('the options object', () => {
  it.each([undefined, null, 'https://as.example', 7, [], () => {}])(
    'createResourceServer requires an object, not %s',
    (options) => {
      expect(refusedOption(() => createResourceServer(options as never))).toBe('options');
    },
  );

  it.each([
    ['audiences', { audiences: 'x' }],
    ['Audience', { Audience: 'x' }],
    ['requiredScopes', { requiredScopes: undefined }],
    ['keys.maxAge', { keys: { maxAge: 600 } }],
    ['issuer.url', { issuer: { issuer: 'https://as.example', url: 'x' } }],
    ['issuer[1].jwks_uri', { issuer: ['https://b.example', { issuer: 'https://as.example', jwks_uri: 'x' }] }],
  ])('an unknown option name is refused at every level: %s', (option, options) => {
    expect(refusedOption(() => create(options))).toBe(option);
    expect(refusedOption(() => create())).toBeUndefined();
  });
});

describe('numeric options', () => {
  it.each([
    ['clockToleranceSeconds', 0, 120],
    ['maxTokenAgeSeconds', 1, Number.MAX_SAFE_INTEGER],
    ['maxTokenBytes', 1024, 65_536],
    ['keys.maxAgeSeconds', 60, 86_400],
    ['keys.cooldownSeconds', 1, 300],
    ['keys.staleMaxSeconds', 0, 86_400],
    ['keys.timeoutSeconds', 0.01, 30],
  ])('%s is from %d to %d, both included', (option, minimum, maximum) => {
    const [outer = '', inner] = option.split('.');
    const createWith = (value: unknown) => () => create({ [outer]: inner === undefined ? value : { [inner]: value } });
    for (const value of [minimum, maximum]) expect(refusedOption(createWith(value))).toBeUndefined();
    for (const value of [minimum - 0.001, -1, maximum * 1.001, ...notANumber]) {
      expect(refusedOption(createWith(value))).toBe(option);
    }
  });
});

describe('options with a fixed set of values', () => {
  it.each([
    ['credentials', ['required', 'optional']],
    ['tokenElsewhere', ['reject', 'ignore']],
  ])('%s is one of %j', (option, choices) => {
    for (const value of choices) expect(refusedOption(() => create({ [option]: value }))).toBeUndefined();
    for (const value of ['', 'Required', 'none', 0, false, {}, [choices[0]]]) {
      expect(refusedOption(() => create({ [option]: value }))).toBe(option);
    }
  });
});

describe('the option realm [RS-9110-5.6.4-a]', () => {
  it.each(['x"y', 'x\\y', 'x\r\nSet-Cookie: a=b', 'x\ny', 'x\ty', 'x\u0000', 'x\u007f', 'caf\u00e9', ''])(
    'realm refuses %j, which could end the quoted string or the header line',
    (realm) => {
      expect(refusedOption(() => create({ realm }))).toBe('realm');
    },
  );

  it.each(['api', ' ', "it's [~] {ours}! #1", 'a, b=c'])('realm accepts %j', (realm) => {
    expect(refusedOption(() => create({ realm }))).toBeUndefined();
  });

  it('realm is a string', () => {
    for (const realm of [7, true, {}, ['api']]) expect(refusedOption(() => create({ realm }))).toBe('realm');
  });
});

describe('the option keys', () => {
  it.each([null, 7, 'x', []])('keys must be an object: not %j', (keys) => {
    expect(refusedOption(() => create({ keys }))).toBe('keys');
  });

  it('keys.allowedHosts is a non-empty array of host names', () => {
    for (const allowedHosts of [null, [], 'keys.example', [''], [7]]) {
      expect(refusedOption(() => create({ keys: { allowedHosts } }))).toBe('keys.allowedHosts');
    }
    expect(refusedOption(() => create({ keys: { allowedHosts: ['keys.example'] } }))).toBeUndefined();
  });
});

describe('the option claims', () => {
  const standard = { version: 1, vendor: 'test', validate: () => ({ value: {} }) };

  it.each([
    null,
    true,
    'schema',
    () => true,
    {},
    { validate: standard.validate },
    { '~standard': null },
    { '~standard': { ...standard, version: 2 } },
    { '~standard': { ...standard, validate: 'no' } },
  ])('claims must be a Standard Schema of version 1: not %s', (claims) => {
    expect(refusedOption(() => create({ claims }))).toBe('claims');
  });

  it('claims may be an object or a function that implements Standard Schema', () => {
    expect(refusedOption(() => create({ claims: { '~standard': standard } }))).toBeUndefined();
    const callable = Object.assign(() => {}, { '~standard': standard });
    expect(refusedOption(() => create({ claims: callable }))).toBeUndefined();
  });
});

describe('the option clock', () => {
  const noClocks: readonly unknown[] = [null, 7, {}, Date, { now: Date.now }, { monotonic: Date.now }, { now: 0 }];

  it.each(noClocks)('clock must have now() and monotonic(): not %s', (clock) => {
    expect(refusedOption(() => create({ clock }))).toBe('clock');
  });

  it('clock may be any object with now() and monotonic()', () => {
    expect(refusedOption(() => create({ clock: { now: () => 0, monotonic: () => 0 } }))).toBeUndefined();
  });
});

describe('the option audience', () => {
  it('audience is required, since a default would accept tokens for other services', () => {
    expect(refusedOption(() => createResourceServer({ issuer: good.issuer } as never))).toBe('audience');
    expect(refusedOption(() => create({ audience: undefined }))).toBe('audience');
  });

  it.each(['', [], [''], ['https://api.example', ''], 7, true, {}, [7], [null], /api/])(
    'audience refuses %s',
    (audience) => {
      expect(refusedOption(() => create({ audience }))).toBe('audience');
    },
  );

  it.each(['https://api.example', ['https://api.example', 'api'], null])('audience accepts %j', (audience) => {
    expect(refusedOption(() => create({ audience }))).toBeUndefined();
  });
});

describe('the option issuer', () => {
  it('issuer is required', () => {
    expect(refusedOption(() => createResourceServer({ audience: null } as never))).toBe('issuer');
    for (const issuer of notAString.slice(0, 3)) expect(refusedOption(() => create({ issuer }))).toBe('issuer');
    expect(refusedOption(() => create({ issuer: [] }))).toBe('issuer');
  });

  it('issuer refuses the same name twice', () => {
    const twice = ['https://as.example', { issuer: 'https://as.example', audience: 'x' }];
    expect(refusedOption(() => create({ issuer: twice }))).toBe('issuer');
    expect(refusedOption(() => create({ issuer: ['https://as.example', 'https://as.example/t1'] }))).toBeUndefined();
  });

  it('an error for an issuer in an array names its index', () => {
    expect(refusedOption(() => create({ issuer: ['https://as.example', ''] }))).toBe('issuer[1]');
    expect(refusedOption(() => create({ issuer: ['https://as.example', { issuer: 'x' }] }))).toBe('issuer[1].issuer');
  });
});
