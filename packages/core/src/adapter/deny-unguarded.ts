import { renderDenial } from '../challenge/render-denial.js';
import type { Denied } from '../model/decision.js';
import { noContext, Refusal } from '../model/refusal.js';
import { observed } from '../observe/decisions.js';

const refusal = new Refusal('guard_without_auth', { expected: 'auth() in front of this guard' });

/** The answer of a guard that no gate stands in front of: a mistake of ours, and closed. */
export function denyUnguarded(): Denied {
  return observed(renderDenial(refusal, [], { realm: 'api' }), noContext);
}
