import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isObject, type JsonObject } from '../judge.js';
import { judgeOptions, type MockIssuerOptions } from '../options.js';
import { registerAll } from '../registrations.js';
import { ClientStore } from '../stores/client-store.js';
import { systemReason } from '../system-code.js';
import { CommandError } from './command-error.js';

/**
 * The options that a file in YAML, of which JSON is a part, has for an issuer: those of `createMockIssuer` that are data, and `$schema`. The
 * members of `tls` are paths of PEM files; they and `stateFile` are looked for from the folder of the file.
 *
 * @throws CommandError naming the file, the member and what was expected.
 */
export async function readConfig(path: string): Promise<MockIssuerOptions> {
  const wrong = (what: string, cause?: unknown): CommandError => CommandError.usage(`${path}: ${what}`, cause);
  const { $schema: _, ...data } = await parsed(path, wrong);
  if (Object.hasOwn(data, 'clock')) throw wrong("unknown option 'clock': no file can have one");
  const options = await withFiles(data, dirname(path), wrong);
  try {
    registerAll(new ClientStore(), judgeOptions(options));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrong(error.message.replace('createMockIssuer: ', ''), error);
  }
  return options;
}

type Wrong = (what: string, cause?: unknown) => CommandError;

async function parsed(path: string, wrong: Wrong): Promise<JsonObject> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw wrong(`cannot be read: ${systemReason(error)}`, error);
  });
  // Loaded here alone, so that no other way to start an issuer waits for it.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { stringKeys: true });
  const [trouble] = [...document.errors, ...document.warnings];
  // The first line says what and where; the others show the file, which may have secrets.
  if (trouble !== undefined) throw wrong(trouble.message.split('\n', 1)[0]?.replace(/:$/, '') ?? '', trouble);
  const data = plain(() => document.toJS(), wrong);
  if (!isObject(data)) throw wrong('an object is expected: the options of createMockIssuer');
  return data;
}

/** @throws CommandError for an alias of nothing, or of too much. */
function plain(read: () => unknown, wrong: Wrong): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceError) throw wrong(error.message, error);
    throw error;
  }
}

async function withFiles(data: JsonObject, folder: string, wrong: Wrong): Promise<JsonObject> {
  const { stateFile, tls } = data;
  return {
    ...data,
    ...(typeof stateFile === 'string' && stateFile !== '' && { stateFile: resolve(folder, stateFile) }),
    ...(isObject(tls) && { tls: await contents(tls, folder, wrong) }),
  };
}

async function contents(tls: JsonObject, folder: string, wrong: Wrong): Promise<JsonObject> {
  const read = Object.entries(tls).map(async ([name, path]) => {
    if (typeof path !== 'string') throw wrong(`'tls': '${name}' must be the path of a file in PEM`);
    const content = await readFile(resolve(folder, path), 'utf8').catch((error: unknown) => {
      throw wrong(`'tls': '${name}' must be the path of a file in PEM; ${path} cannot be read: ${systemReason(error)}`);
    });
    return [name, content] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
