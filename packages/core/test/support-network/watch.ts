import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { type DecisionMessage, decisionChannel } from '../../src/observe/decisions.js';

/** The decisions that are published while `work` runs. */
export async function decisionsDuring(work: () => Promise<unknown>): Promise<readonly DecisionMessage[]> {
  const messages: DecisionMessage[] = [];
  const listen = (message: unknown) => void messages.push(message as DecisionMessage);
  subscribe(decisionChannel, listen);
  try {
    await work();
  } finally {
    unsubscribe(decisionChannel, listen);
  }
  return messages;
}

/** The process warnings with this code while `work` runs. */
export async function warningsDuring(code: string, work: () => unknown): Promise<readonly string[]> {
  const texts: string[] = [];
  const listen = (warning: Error & { code?: string }) => {
    if (warning.code === code) texts.push(warning.message);
  };
  process.on('warning', listen);
  try {
    await work();
    // Warnings are emitted in a later turn of the event loop.
    await setImmediate();
  } finally {
    process.off('warning', listen);
  }
  return texts;
}
