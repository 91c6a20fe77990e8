/** Why a state file cannot be used, or could not be written. Whatever is in the file is left as it is. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';

  constructor(path: string, what: string, cause?: unknown) {
    super(`createMockIssuer: the state file ${JSON.stringify(path)} ${what}`, { cause });
  }
}
