import { Malformed } from '../../src/jws/malformed.js';
import { Refusal } from '../../src/model/refusal.js';
import { OpaqueToken } from '../../src/model/stages.js';

/** The result of a step in one word: the code of its refusal, `malformed`, or `passed`. */
export function verdict(answer: unknown): string {
  if (answer instanceof Refusal) return answer.code;
  // Without an issuer that introspects, an opaque token is refused with this code.
  if (answer instanceof OpaqueToken) return 'token_opaque';
  return answer instanceof Malformed ? 'malformed' : 'passed';
}

/** The result of a step, which must be a refusal. */
export function refusalIn(answer: unknown): Refusal {
  if (answer instanceof Refusal) return answer;
  throw new Error('nothing was refused');
}

/** The result of a step, which must be neither a refusal nor malformed. */
export function passed<T>(answer: T): Exclude<T, Refusal | Malformed | OpaqueToken> {
  if (verdict(answer) !== 'passed') throw new Error(`refused: ${verdict(answer)}`);
  return answer as Exclude<T, Refusal | Malformed | OpaqueToken>;
}
