import { expect, it } from 'vitest';
import { shortUrl } from '../../src/model/short-url.js';

it('shortUrl removes user, query and fragment', () => {
  expect(shortUrl(new URL('https://user@a.example:8443/keys?secret=1#x'))).toBe('https://a.example:8443/keys');
});

it('shortUrl has at most 200 characters', () => {
  const short = shortUrl(new URL(`https://a.example/${'k'.repeat(50_000)}`));
  expect(short).toHaveLength(200);
  expect(short.startsWith('https://a.example/kkk')).toBe(true);
  expect(shortUrl(new URL(`https://a.example/${'k'.repeat(182)}`))).not.toContain('...');
});
