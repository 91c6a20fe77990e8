/** Why a command ends early: what the person at the terminal is told, and the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: 1 | 2;

  private constructor(exitCode: 1 | 2, message: string, cause: unknown) {
    // Some of it comes from files and from the network, and is not to steer the terminal.
    super(message.replace(/[^\P{Cc}\n]/gu, '?'), { cause });
    this.exitCode = exitCode;
  }

  /** What was typed cannot be meant. */
  static usage(message: string, cause?: unknown): CommandError {
    return new CommandError(2, message, cause);
  }

  /** What was typed is in order, and could not be done. */
  static failure(message: string, cause?: unknown): CommandError {
    return new CommandError(1, message, cause);
  }
}
