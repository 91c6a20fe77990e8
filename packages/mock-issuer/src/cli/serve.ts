import { createMockIssuer } from '../create-mock-issuer.js';
import type { MockIssuer } from '../mock-issuer.js';
import type { MockIssuerOptions } from '../options.js';
import { StateFileError } from '../state/state-file-error.js';
import { cliClient, type ServeCommand } from './command.js';
import { CommandError } from './command-error.js';
import { readConfig } from './config-file.js';
import { credentialsOf, optionsOf } from './serve-options.js';
import { summaryOf } from './summary.js';

/** Runs an issuer until the process is told to end, and leaves nothing behind but the state file, if one was asked for. */
export async function serve(command: ServeCommand, print: (text: string) => void): Promise<void> {
  const end = told('SIGINT', 'SIGTERM', 'SIGHUP');
  const options = optionsOf(command, command.config === undefined ? {} : await readConfig(command.config));
  const issuer = await started(options);
  try {
    const token = await issuer.token({
      clientId: options.clients?.[0]?.client_id ?? credentialsOf(cliClient).id,
      subject: options.users?.[0]?.sub ?? 'user-1',
      format: 'jwt',
      ...(command.scope !== undefined && { scope: command.scope }),
    });
    print(summaryOf(issuer, options, token));
    await end;
  } finally {
    await ended(issuer);
  }
}

async function started(options: MockIssuerOptions): Promise<MockIssuer> {
  try {
    return await createMockIssuer(options);
  } catch (error) {
    if (error instanceof TypeError) {
      throw CommandError.usage(error.message.replace('createMockIssuer: ', ''), error);
    }
    if (error instanceof StateFileError) throw stateTrouble(error);
    throw unreachable(options, error);
  }
}

async function ended(issuer: MockIssuer): Promise<void> {
  try {
    await issuer.close();
  } catch (error) {
    throw error instanceof StateFileError ? stateTrouble(error) : error;
  }
}

function stateTrouble(error: StateFileError): CommandError {
  return CommandError.failure(error.message.replace('createMockIssuer: ', ''), error);
}

function unreachable({ port, dangerouslyListenOn: address = '127.0.0.1' }: MockIssuerOptions, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const advice = 'end what listens there, or choose another with --port (0 takes a free one)';
    return CommandError.failure(`port ${port} of ${address} is taken; ${advice}`, error);
  }
  if (code === 'EACCES')
    return CommandError.failure(`port ${port} of ${address} is not for you; choose another`, error);
  if (code === 'EADDRNOTAVAIL') return CommandError.failure(`this machine has no address ${address}`, error);
  return error;
}

/** When the first of these signals comes. A second one ends the process where it stands. */
function told(...signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
}
