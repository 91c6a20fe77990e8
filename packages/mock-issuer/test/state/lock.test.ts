import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lock } from '../../src/state/lock.js';
import { folder } from './folder.js';

/** The number of a process that ended. */
const dead = (): string => String(spawnSync(process.execPath, ['-e', '']).pid);

test('a lock names its process, and giving it back removes it', async () => {
  const path = join(folder(), 'state.json');
  const unlock = await lock(path);
  expect(await readFile(`${path}.lock`, 'utf8')).toBe(String(process.pid));
  await unlock();
  expect(await readdir(join(path, '..'))).toEqual([]);
  await (await lock(path))();
});

test('the lock of a process that lives is refused with its number, and stays', async () => {
  const path = join(folder(), 'state.json');
  await writeFile(`${path}.lock`, String(process.ppid));
  await expect(lock(path)).rejects.toThrow(`is used by the process ${process.ppid}`);
  expect(await readFile(`${path}.lock`, 'utf8')).toBe(String(process.ppid));
});

test('a lock that names nobody yet is somebodys', async () => {
  const path = join(folder(), 'state.json');
  await writeFile(`${path}.lock`, '');
  await expect(lock(path)).rejects.toThrow('is used by another process');
});

test.each([
  ['was killed', dead],
  ['had our number before', () => String(process.pid)],
])('the lock of a process that %s is taken over, by one of those who want it', async (_, holder) => {
  const path = join(folder(), 'state.json');
  await writeFile(`${path}.lock`, holder());
  const unlock = await lock(path);
  await expect(lock(path)).rejects.toThrow('is used by another issuer of this process');
  expect(await readdir(join(path, '..'))).toEqual(['state.json.lock']);
  await unlock();
});
