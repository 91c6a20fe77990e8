import { createMockIssuer, type MockIssuer } from '../mock-issuer.js';
import { cliClient, type ServeCommand } from './command.js';
import { CommandError } from './command-error.js';
import { credentialsOf, optionsOf } from './serve-options.js';

/** Runs an issuer until the process is told to end, and leaves nothing behind. */
export async function serve(command: ServeCommand, print: (text: string) => void): Promise<void> {
  const end = told('SIGINT', 'SIGTERM', 'SIGHUP');
  await using issuer = await started(command);
  const token = await issuer.token({
    clientId: credentialsOf(command.clients[0] ?? cliClient).id,
    subject: command.users[0] ?? 'user-1',
    ...(command.scope !== undefined && { scope: command.scope }),
  });
  print(summary(issuer, command, token));
  await end;
}

async function started(command: ServeCommand): Promise<MockIssuer> {
  try {
    return await createMockIssuer(optionsOf(command));
  } catch (error) {
    if (error instanceof TypeError) {
      throw CommandError.usage(error.message.replace('createMockIssuer: ', ''), error);
    }
    throw unreachable(command, error);
  }
}

function unreachable({ port, dangerouslyListenOn: address = '127.0.0.1' }: ServeCommand, error: unknown): unknown {
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

function summary(issuer: MockIssuer, { clients, users }: ServeCommand, token: string): string {
  const ids = clients.map((text) => credentialsOf(text).id);
  const lines = [
    ['issuer', issuer.issuer],
    ['metadata', `${issuer.issuer}/.well-known/openid-configuration`],
    ['jwks', issuer.jwksUri],
    ['authorize', issuer.authorizationEndpoint],
    ['par', issuer.pushedAuthorizationRequestEndpoint],
    ['device', issuer.deviceAuthorizationEndpoint],
    ['token', issuer.tokenEndpoint],
    ['introspect', issuer.introspectionEndpoint],
    ['revoke', issuer.revocationEndpoint],
    ['clients', ids.length === 0 ? 'none but its own' : ids.join(', ')],
    ['users', users.length === 0 ? 'user-1' : users.join(', ')],
  ];
  const table = lines.map(([name = '', value = '']) => `${name.padEnd(12)}${value}`).join('\n');
  return `${table}\n\nAn access token, good for five minutes (more with: mock-issuer token --port ${new URL(issuer.issuer).port})\n${token}\n`;
}
