import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../src/state/atomic-file.js';
import { folder } from './folder.js';

test('a file is replaced, and only its owner may read it from then on', async () => {
  const path = join(folder(), 'state.json');
  await writeFile(path, 'old', { mode: 0o644 });
  await writeWhole(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('what cannot be put in place leaves what was there, and nothing beside it', async () => {
  const path = join(folder(), 'state.json');
  await mkdir(path);
  await expect(writeWhole(path, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readdir(join(path, '..'))).toEqual(['state.json']);
});

test('a temporary file that somebody left, or a link that somebody put there, is replaced and not followed', async () => {
  const path = join(folder(), 'state.json');
  const victim = `${path}.victim`;
  await writeFile(victim, 'precious');
  await symlink(victim, `${path}.tmp`);
  await writeWhole(path, 'new');
  expect([await readFile(path, 'utf8'), await readFile(victim, 'utf8')]).toEqual(['new', 'precious']);
});
