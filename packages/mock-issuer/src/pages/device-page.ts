import type { Answer } from '../http/answer.js';
import { html, page } from './html.js';

/** Tells the user that all is said, and to go back to the device. */
export function devicePage(decision: 'allow' | 'deny', userCode: string): Answer {
  const said = decision === 'allow' ? 'may go on' : 'was turned away';
  return page(
    200,
    'Go back to your device',
    html`<p>The device with the code <strong>${userCode}</strong> ${said}. You can close this page.</p>`,
  );
}
