import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AccessError, accessErrorCodes, ConfigurationError } from '../src/errors.js';

const error = new AccessError({
  code: 'token_expired',
  status: 401,
  message: 'The access token expired',
  headers: { 'Cache-Control': 'no-store' },
  detail: { expected: 'hush-expected', found: 'hush-found' },
  cause: new Error('why'),
});

describe('AccessError', () => {
  it('an AccessError has name, code, status, statusCode and headers for frameworks', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'AccessError', code: 'token_expired', status: 401, statusCode: 401 });
    expect(error.headers).toEqual({ 'Cache-Control': 'no-store' });
    expect(String(error)).toBe('AccessError: The access token expired');
  });

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [500, false],
    [503, false],
  ])('an AccessError of status %i has expose %s', (status, expose) => {
    const fields = { code: 'internal_failure', message: 'x', headers: {}, detail: {} } as const;
    expect(new AccessError({ ...fields, status }).expose).toBe(expose);
  });

  it('the stack of an AccessError is one line without frames, since default error handlers show it', () => {
    expect(error.stack).toBe('AccessError: The access token expired');
    expect(error.stack).not.toContain('\n');
  });

  it('detail and cause of an AccessError are readable but not enumerable', () => {
    expect(error.detail).toEqual({ expected: 'hush-expected', found: 'hush-found' });
    expect(error.cause).toEqual(new Error('why'));
    expect(Object.keys(error).sort()).toEqual(['code', 'expose', 'headers', 'status', 'statusCode']);
    expect({ ...error }).not.toHaveProperty('detail');
  });

  it.each([
    ['JSON', () => JSON.stringify(error)],
    ['util.inspect', () => inspect(error, { depth: 9 })],
    ['String()', () => String(error)],
    ['a spread copy', () => JSON.stringify({ ...error })],
    ['Object.assign', () => JSON.stringify(Object.assign({}, error))],
    ['Object.entries', () => JSON.stringify(Object.entries(error))],
  ])('%s of an AccessError does not contain its detail', (_what, serialize) => {
    expect(serialize()).not.toContain('hush');
    expect(serialize()).not.toBe('');
  });
});

describe('ConfigurationError', () => {
  it('a ConfigurationError names the invalid option in `option` and in its message', () => {
    const wrong = new ConfigurationError('keys.timeoutSeconds', 'must be a number');
    expect(wrong).toBeInstanceOf(Error);
    expect(wrong).not.toBeInstanceOf(AccessError);
    expect(wrong).toMatchObject({ name: 'ConfigurationError', option: 'keys.timeoutSeconds' });
    expect(wrong.message).toBe('keys.timeoutSeconds: must be a number');
  });
});

describe('accessErrorCodes', () => {
  it('access error codes are unique and in snake_case', () => {
    expect(new Set(accessErrorCodes).size).toBe(accessErrorCodes.length);
    for (const code of accessErrorCodes) expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });
});
