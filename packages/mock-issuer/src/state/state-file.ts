import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isObject, type JsonObject } from '../judge.js';
import { systemCode, systemReason } from '../system-code.js';
import { writeWhole } from './atomic-file.js';
import { lock, type Unlock } from './lock.js';
import type { Persistent } from './persistent.js';
import { json, Misfit, type Read, shape, text } from './read.js';
import { StateFileError } from './state-file-error.js';

/** Of the meaning of the file: another one for what an older issuer would read wrongly. */
const VERSION = 1;

/** How often changes are looked for. What was changed since is lost when the process is killed. */
const INTERVAL_MS = 1000;

/** What an issuer knows, by the name of the part. */
type Parts = Readonly<Record<string, Persistent>>;

/** Where state is kept between runs, if anywhere. */
export interface State {
  /**
   * Gives every part its content back, and keeps them all from now on.
   *
   * @throws StateFileError when the file is of another issuer, or not what an issuer wrote; nothing is written then.
   */
  begin(issuer: string, parts: Parts): void;
  /** Writes what was not written, and gives the file back to others. May be called again. @throws StateFileError when it cannot be written. */
  close(): Promise<void>;
}

interface Saved {
  readonly issuer: string;
  readonly parts: JsonObject;
}

const inMemory: State = { begin: () => {}, close: async () => {} };

/** @throws StateFileError when somebody else has the file, or it is no state file of this version. */
export async function openState(path: string | undefined): Promise<State> {
  if (path === undefined) return inMemory;
  // The process may go to another folder later.
  const file = resolve(path);
  const unlock = await lock(file);
  try {
    return new StateFile(file, unlock, await read(file));
  } catch (error) {
    await unlock();
    throw error;
  }
}

class StateFile implements State {
  readonly #path: string;
  readonly #unlock: Unlock;
  readonly #saved: Saved | undefined;
  #snapshot: (() => string) | undefined;
  #written: string | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(path: string, unlock: Unlock, saved: Saved | undefined) {
    this.#path = path;
    this.#unlock = unlock;
    this.#saved = saved;
  }

  begin(issuer: string, parts: Parts): void {
    if (this.#saved !== undefined) restore(this.#path, this.#saved, issuer, parts);
    this.#snapshot = () => textOf(issuer, parts);
    this.#timer = setInterval(() => this.#lookForChanges(), INTERVAL_MS);
    this.#timer.unref();
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.#writing?.catch(() => {});
      await this.#save();
    } finally {
      await this.#unlock();
    }
  }

  /** A file that cannot be written is tried again with the next change, and for the last time at the end. */
  #lookForChanges(): void {
    this.#writing ??= this.#save()
      .catch((error: unknown) => process.emitWarning(String(error)))
      .finally(() => {
        this.#writing = undefined;
      });
  }

  async #save(): Promise<void> {
    const content = this.#snapshot?.();
    if (content === undefined || content === this.#written) return;
    try {
      await writeWhole(this.#path, content);
    } catch (error) {
      throw new StateFileError(this.#path, `cannot be written: ${systemReason(error)}`, error);
    }
    this.#written = content;
  }
}

function textOf(issuer: string, parts: Parts): string {
  const contents = Object.entries(parts).map(([name, part]) => [name, part.snapshot()] as const);
  return `${JSON.stringify({ version: VERSION, issuer, parts: Object.fromEntries(contents) })}\n`;
}

const readVersion: Read<number> = (value, at) => {
  if (typeof value !== 'number') throw new Misfit(at, 'a number');
  return value;
};
const readSaved: Read<Saved & { version: number }> = shape({ version: readVersion, issuer: text, parts: json });

async function read(path: string): Promise<Saved | undefined> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    const what = error instanceof SyntaxError ? 'is broken: it is no JSON' : `cannot be read: ${systemReason(error)}`;
    throw new StateFileError(path, what, error);
  }
  if (isObject(data) && typeof data['version'] === 'number' && data['version'] !== VERSION) {
    throw new StateFileError(path, `is of version ${data['version']}, and this issuer knows version ${VERSION}`);
  }
  return fitting(path, () => readSaved(data, ''));
}

function restore(path: string, saved: Saved, issuer: string, parts: Parts): void {
  if (saved.issuer !== issuer) {
    throw new StateFileError(
      path,
      `is of the issuer ${saved.issuer}, and this one is ${issuer}; give it that port and path, or another state file`,
    );
  }
  for (const [name, data] of Object.entries(saved.parts)) {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    // What is not known would be gone with the next writing.
    if (part === undefined) throw new StateFileError(path, `has a part that this issuer does not know: ${name}`);
    fitting(path, () => part.restore(data), `${name}: `);
  }
}

function fitting<T>(path: string, run: () => T, where = ''): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new StateFileError(path, `is broken: ${where}${error.message}`, error);
  }
}
