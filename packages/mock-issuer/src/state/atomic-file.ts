import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file that is readable by its owner alone, whole or not at all: what was there stays there until all of the new content is on the
 * disk. The temporary file is `PATH.tmp`, so that one that was left behind is replaced by the next.
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  try {
    // Never a file, or a link to one, that somebody else put there.
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
