import fc from 'fast-check';
import { expect } from 'vitest';
import { callback } from './flow.js';

/** What somebody might put where a value belongs. */
export const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'null',
    '__proto__',
    'a\r\nb: c',
    '\u0000',
    '%',
    '%ff',
    '\u{1f600}',
    '\ud800',
  ),
  fc.constantFrom('[]', '{}', '[{"type":"pay"}]', '[{"type":{}}]', `${'['.repeat(5000)}`, '{"a":'.repeat(999)),
  fc.constantFrom(
    '//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    `${callback}@evil.example`,
    callback,
  ),
  fc.constantFrom(
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:70000/cb',
    'http://[::1]/cb',
    'http://127.0.0.1:1@e.example/cb',
  ),
  fc.constantFrom('urn:ietf:params:oauth:request_uri:x', 'web', 'resource-server', 'code', 'S256', 'x'.repeat(12_000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A registered address with something put into it. */
export const nearMiss: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(callback, 'http://127.0.0.1/cb'),
    fc.constantFrom(
      '',
      '/',
      '.',
      '@',
      '@evil.example',
      ':1',
      ':1@evil.example',
      '?a',
      '#a',
      '%2f',
      '\\',
      '\t',
      '//',
      '..',
      ';',
    ),
    fc.nat(25),
  )
  .map(([address, text, at]) => address.slice(0, at) + text + address.slice(at));

/** No longer than RFC 6749 section 5.2 has it, and of no other characters. */
export const refusal: object = {
  error: expect.stringMatching(/^[a-z_]+$/),
  error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
};
