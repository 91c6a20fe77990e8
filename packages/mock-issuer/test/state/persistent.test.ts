import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const stores = new URL('../../src/stores/', import.meta.url);

test.each(readdirSync(stores))('%s says what the state file keeps of it', (file) => {
  const source = readFileSync(new URL(file, stores), 'utf8');
  // What need not outlive its issuer says so by snapshot(): undefined.
  expect(source).toMatch(/export class \w+ implements (?:Store|Persistent) /);
});
