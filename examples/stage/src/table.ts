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

/** One scene: the request, the status and the reason; on the next line the challenge, if any. */
export function tableRow({ scene, status, challenge, code, asExpected }: Outcome): string {
  const route = `${scene.method ?? 'GET'} ${(scene.path ?? '/reports').split('?')[0]}`;
  const cells = [route.padEnd(columns.route), scene.sent.padEnd(columns.sent), paint(colourOf(status), String(status))];
  const reason = code === undefined ? scene.why : `${paint('bold', code)}: ${scene.why}`;
  const lines = [`  ${cells.join('')}     ${reason}`];
  const details = challenge ?? (status === 503 ? 'Retry-After, and no challenge' : undefined);
  if (details !== undefined) lines.push(`  ${' '.repeat(columns.route)}${paint('dim', `└ ${details}`)}`);
  if (!asExpected)
    lines.push(paint('red', `  ✗ expected ${scene.status} ${scene.code ?? ''} ${scene.challenge ?? ''}`));
  return lines.join('\n');
}

/** The title of a part of a story. */
export function scene(text: string): string {
  return `\n  ${heading(text)}`;
}

/** A remark on a step. */
export function note(text: string): string {
  return `      ${paint('dim', `→ ${text}`)}`;
}

/**
 * One step of a story and its result; a long result is on the next line, and a wrong one names the
 * expected value.
 */
export function resultRow(what: string, actual: unknown, wrong?: { readonly expected: unknown }): string {
  const mark = wrong === undefined ? paint('green', '✓') : paint('red', '✗');
  const result = text(actual);
  const isShort = result.length <= columns.outcome && what.length <= columns.story;
  const line = isShort
    ? `  ${mark} ${what.padEnd(columns.story)} ${result}`
    : `  ${mark} ${what}\n      ${paint('dim', `└ ${result}`)}`;
  return wrong === undefined ? line : `${line} ${paint('red', `expected ${text(wrong.expected)}`)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function colourOf(status: number): Style {
  if (status < 300) return 'green';
  return status < 500 ? 'yellow' : 'magenta';
}
