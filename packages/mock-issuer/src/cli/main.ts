#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { type Command, readCommand } from './command.js';
import { CommandError } from './command-error.js';
import { help } from './help.js';
import { serve } from './serve.js';
import { fetchToken } from './token.js';

const print = (text: string): void => void process.stdout.write(text);

async function run(command: Command): Promise<void> {
  if (command.name === 'help') return print(help);
  if (command.name === 'version') return print(`${version()}\n`);
  if (command.name === 'token') return print(`${await fetchToken(command)}\n`);
  return serve(command, print);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

try {
  await run(readCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`mock-issuer: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
