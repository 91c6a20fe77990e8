import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { CommandError } from './command-error.js';

/** What `mock-issuer` listens on when nobody says otherwise, and where `mock-issuer token` looks for it. */
export const DEFAULT_PORT = 9000;

/** Who `mock-issuer token` is when nobody says otherwise: a client that every issuer of the command line has. */
export const cliClient = 'mock-issuer-cli:mock-issuer-cli';

/** `mock-issuer`. */
export interface ServeCommand {
  readonly name: 'serve';
  /** A file with options, in YAML or JSON. */
  readonly config: string | undefined;
  readonly port: number | undefined;
  /** `ID` or `ID:SECRET`. */
  readonly clients: readonly string[];
  readonly redirectUris: readonly string[];
  readonly users: readonly string[];
  readonly audience: string | undefined;
  readonly scope: string | undefined;
  readonly dangerouslyListenOn: string | undefined;
  readonly stateFile: string | undefined;
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
  config: { type: 'string', short: 'c' },
  client: { type: 'string', multiple: true },
  'redirect-uri': { type: 'string', multiple: true },
  user: { type: 'string', multiple: true },
  'dangerously-listen-on': { type: 'string' },
  state: { type: 'string' },
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
      config: filled('config', values.config),
      port: portOf(values.port),
      clients: values.client ?? [],
      redirectUris: values['redirect-uri'] ?? [],
      users: values.user ?? [],
      audience: filled('audience', values.audience),
      scope: values.scope,
      dangerouslyListenOn: addressOf(values['dangerously-listen-on']),
      stateFile: filled('state', values.state),
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
      issuer:
        values.issuer === undefined
          ? `http://127.0.0.1:${portOf(values.port) ?? DEFAULT_PORT}`
          : issuerOf(values.issuer),
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

/** Identifiers of mock issuers end without a slash, and people write one. */
function issuerOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw CommandError.usage(`--issuer must be a URL such as http://127.0.0.1:9000, and is ${JSON.stringify(text)}`);
  }
  return text.replace(/\/$/, '');
}

function filled(name: string, text: string | undefined): string | undefined {
  if (text === '') throw CommandError.usage(`--${name} must not be empty`);
  return text;
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text) !== 0) return text;
  throw CommandError.usage(`--dangerously-listen-on must be an IP address, and is ${JSON.stringify(text)}`);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw CommandError.usage(`--port must be a whole number from 0 to 65535, and is ${JSON.stringify(text)}`);
  }
  return Number(text);
}
