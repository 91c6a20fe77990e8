/** What the system says of a file, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'there is no such folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'that is not allowed'],
  ['EPERM', 'that is not allowed'],
  ['EROFS', 'that is not allowed'],
  ['ENOSPC', 'the disk is full'],
]);

/** The same for people: `there is no such file or folder (ENOENT)`. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  const reason = reasons.get(code);
  return reason === undefined ? (code ?? String(error)) : `${reason} (${code})`;
}
