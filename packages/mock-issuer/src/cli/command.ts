import { parseArgs } from 'node:util';
import { CommandError } from './command-error.js';

/** What `mock-issuer` listens on when nobody says otherwise, and where `mock-issuer token` looks for it. */
const DEFAULT_PORT = 9000;

/** Who `mock-issuer token` is when nobody says otherwise: a client that every issuer of the command line has. */
export const cliClient = 'mock-issuer-cli:mock-issuer-cli';

/** `mock-issuer`. */
export interface ServeCommand {
  readonly name: 'serve';
  readonly port: number;
  /** `ID` or `ID:SECRET`. */
  readonly clients: readonly string[];
  readonly redirectUris: readonly string[];
  readonly users: readonly string[];
  readonly audience: string | undefined;
  readonly scope: string | undefined;
  readonly dangerouslyListenOn: string | undefined;
}

/** `mock-issuer token`. */
export interface TokenCommand {
  readonly name: 'token';
  readonly issuer: string;
  readonly client: string;
  readonly audience: string | undefined;
  readonly scope: string | undefined;
}

/** What a command line asks for. */
export type Command = ServeCommand | TokenCommand | { readonly name: 'help' } | { readonly name: 'version' };

const shared = {
  port: { type: 'string', short: 'p' },
  audience: { type: 'string' },
  scope: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const serveFlags = {
  ...shared,
  client: { type: 'string', multiple: true },
  'redirect-uri': { type: 'string', multiple: true },
  user: { type: 'string', multiple: true },
  'dangerously-listen-on': { type: 'string' },
} as const;

const tokenFlags = { ...shared, issuer: { type: 'string' }, client: { type: 'string' } } as const;

/** Every flag of each command. */
export const flagNames: Readonly<Record<'serve' | 'token', readonly string[]>> = {
  serve: Object.keys(serveFlags),
  token: Object.keys(tokenFlags),
};

/** @throws CommandError for what no command knows. */
export function readCommand(args: readonly string[]): Command {
  return args[0] === 'token' ? tokenCommand(args.slice(1)) : serveCommand([...args]);
}

function serveCommand(args: string[]): Command {
  const values = parsed('serve', () => parseArgs({ args, options: serveFlags }).values);
  return (
    informing(values) ?? {
      name: 'serve',
      port: portOf(values.port),
      clients: values.client ?? [],
      redirectUris: values['redirect-uri'] ?? [],
      users: values.user ?? [],
      audience: values.audience,
      scope: values.scope,
      dangerouslyListenOn: values['dangerously-listen-on'],
    }
  );
}

function tokenCommand(args: string[]): Command {
  const values = parsed('token', () => parseArgs({ args, options: tokenFlags }).values);
  if (values.issuer !== undefined && values.port !== undefined) {
    throw CommandError.usage('--issuer says the port already; leave --port out');
  }
  return (
    informing(values) ?? {
      name: 'token',
      issuer: values.issuer ?? `http://127.0.0.1:${portOf(values.port)}`,
      client: values.client ?? cliClient,
      audience: values.audience,
      scope: values.scope,
    }
  );
}

function informing({ help, version }: { help?: boolean; version?: boolean }): Command | undefined {
  if (help === true) return { name: 'help' };
  return version === true ? { name: 'version' } : undefined;
}

function parsed<Values>(command: keyof typeof flagNames, parse: () => Values): Values {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [what = ''] = error.message.split(/\.\s/, 1);
    const known = flagNames[command].map((name) => `--${name}`).join(', ');
    throw CommandError.usage(`${what}\nThe flags here are ${known}; mock-issuer --help tells what they do`, error);
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw CommandError.usage(`--port must be a whole number from 0 to 65535, and is ${JSON.stringify(text)}`);
  }
  return Number(text);
}
