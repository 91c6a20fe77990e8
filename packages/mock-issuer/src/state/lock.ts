import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomId, systemRandom } from '../random.js';
import { systemCode, systemReason } from '../system-code.js';
import { StateFileError } from './state-file-error.js';

/** Gives a lock back. */
export type Unlock = () => Promise<void>;

const heldHere = new Set<string>();

/**
 * Takes the lock of a state file: a file beside it that names the process. One that a process left behind when it was killed is taken over.
 *
 * @throws StateFileError when somebody else has it, in this process or another one.
 */
export async function lock(path: string): Promise<Unlock> {
  const file = `${path}.lock`;
  if (heldHere.has(file)) throw new StateFileError(path, 'is used by another issuer of this process');
  heldHere.add(file);
  try {
    await take(path, file);
  } catch (error) {
    heldHere.delete(file);
    throw error;
  }
  return async () => {
    await rm(file, { force: true });
    heldHere.delete(file);
  };
}

async function take(path: string, file: string): Promise<void> {
  if (await isCreated(path, file)) return;
  const holder = await readFile(file, 'utf8').catch(() => '');
  if (isAlive(holder)) {
    const who = holder === '' ? 'another process' : `the process ${holder}`;
    throw new StateFileError(
      path,
      `is used by ${who}; end that, or delete ${JSON.stringify(file)} if it is none of ours`,
    );
  }
  await removeStale(path, file, holder);
  if (!(await isCreated(path, file))) throw new StateFileError(path, 'is used by another process, which was faster');
}

async function isCreated(path: string, file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new StateFileError(path, `cannot be locked: ${systemReason(error)}`, error);
  }
}

/** What names this process is not held by it: another one had the number before. What names none is somebody's who is about to write it. */
function isAlive(holder: string): boolean {
  if (!/^[1-9]\d{0,9}$/.test(holder)) return true;
  if (Number(holder) === process.pid) return false;
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** Of two who find the same stale lock, one moves it away; the other one must not take what the first has put in its place. */
async function removeStale(path: string, file: string, holder: string): Promise<void> {
  const aside = `${file}.${randomId(systemRandom, 'request')}`;
  await rename(file, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => holder);
  if (moved === holder) return rm(aside, { force: true });
  await rename(aside, file);
  throw new StateFileError(path, `is used by the process ${moved}`);
}
