import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessErrorCodes } from '@resource-server/core';
import { expect, it } from 'vitest';
import { answers } from '../../packages/core/src/challenge/error-table.js';
import { readTable } from './markdown.js';
import { root } from './source-file.js';

const page = readTable(readFileSync(join(root, 'packages/core/ERRORS.md'), 'utf8'));

it('ERRORS.md lists every error code, in the order of the union, and no other', () => {
  expect(page.map(([code]) => code?.replaceAll('`', ''))).toEqual([...accessErrorCodes]);
});

it('ERRORS.md states the status and the error that clients receive for every code', () => {
  for (const [code = '', status, client] of page) {
    const answer = answers[code.replaceAll('`', '') as keyof typeof answers];
    expect(Number(status), code).toBe(answer.status);
    const seen = answer.error ?? (answer.text === undefined ? 'without error' : `*${answer.text}*`);
    expect(client, code).toContain(seen);
  }
});

it('every error code has a response, a meaning and a remedy', () => {
  expect(Object.keys(answers)).toEqual([...accessErrorCodes]);
  for (const cells of page) expect(cells.every((cell) => cell !== '') && cells.length).toBe(5);
});
