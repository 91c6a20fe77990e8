import { renderDenial } from '../challenge/render-denial.js';
import type { Denied } from '../model/decision.js';
import { noContext, Refusal } from '../model/refusal.js';
import { observed } from '../observe/decisions.js';

const refusal = new Refusal('guard_without_auth', { expected: 'auth() to run before this guard' });

/**
 * The response of a guard that runs without `auth()` before it: 500. The mistake is in the
 * application, and the request must not reach the handler.
 */
export function denyUnguarded(): Denied {
  return observed(renderDenial(refusal, [], { realm: 'api' }), noContext);
}
