import { styleText } from 'node:util';
import type { Outcome } from './play.js';

type Style = Parameters<typeof styleText>[0];

const columns = { route: 15, sent: 38, status: 6, story: 72, outcome: 34 };
const rule = '─'.repeat(112);

/** Colours on a terminal, plain text in a pipe. */
function paint(style: Style, text: string): string {
  return process.stdout.isTTY === true ? styleText(style, text) : text;
}

export function heading(text: string): string {
  return paint('bold', text);
}

export function tableHead(): string {
  const names = `  ${'route'.padEnd(columns.route)}${'what was sent'.padEnd(columns.sent)}${'status'.padEnd(columns.status)}  why`;
  return `${paint('dim', names)}\n  ${paint('dim', rule)}`;
}

/** One scene: what was sent, the status, why; below it, the challenge where there is one. */
export function tableRow({ scene, status, challenge, code, asExpected }: Outcome): string {
  const route = `${scene.method ?? 'GET'} ${(scene.path ?? '/reports').split('?')[0]}`;
  const cells = [route.padEnd(columns.route), scene.sent.padEnd(columns.sent), paint(colourOf(status), String(status))];
  const reason = code === undefined ? scene.why : `${paint('bold', code)}: ${scene.why}`;
  const lines = [`  ${cells.join('')}     ${reason}`];
  const answer = challenge ?? (status === 503 ? 'Retry-After, and no challenge' : undefined);
  if (answer !== undefined) lines.push(`  ${' '.repeat(columns.route)}${paint('dim', `└ ${answer}`)}`);
  if (!asExpected)
    lines.push(paint('red', `  ✗ expected ${scene.status} ${scene.code ?? ''} ${scene.challenge ?? ''}`));
  return lines.join('\n');
}

/** The title of a part of a story. */
export function scene(text: string): string {
  return `\n  ${heading(text)}`;
}

/** What else there is to say of a step. */
export function note(text: string): string {
  return `      ${paint('dim', `→ ${text}`)}`;
}

/** One step of a story: what was done and what came of it, below it where that is long, and, where that is not right, what should have. */
export function verdictRow(what: string, actual: unknown, wrong?: { readonly expected: unknown }): string {
  const mark = wrong === undefined ? paint('green', '✓') : paint('red', '✗');
  const came = text(actual);
  const isShort = came.length <= columns.outcome && what.length <= columns.story;
  const line = isShort
    ? `  ${mark} ${what.padEnd(columns.story)} ${came}`
    : `  ${mark} ${what}\n      ${paint('dim', `└ ${came}`)}`;
  return wrong === undefined ? line : `${line} ${paint('red', `expected ${text(wrong.expected)}`)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function colourOf(status: number): Style {
  if (status < 300) return 'green';
  return status < 500 ? 'yellow' : 'magenta';
}
