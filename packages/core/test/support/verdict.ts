import { Malformed } from '../../src/jws/malformed.js';
import { Refusal } from '../../src/model/refusal.js';
import { OpaqueToken } from '../../src/model/stages.js';

/** A room's answer in one word: the code of its refusal, `malformed`, or `passed`. */
export function verdict(answer: unknown): string {
  if (answer instanceof Refusal) return answer.code;
  // Who is asked about it decides what becomes of it; where nobody is, this.
  if (answer instanceof OpaqueToken) return 'token_opaque';
  return answer instanceof Malformed ? 'malformed' : 'passed';
}

/** A room's answer that must be a refusal. */
export function refusalIn(answer: unknown): Refusal {
  if (answer instanceof Refusal) return answer;
  throw new Error('nothing was refused');
}

/** A room's answer that must be neither a refusal nor malformed. */
export function passed<T>(answer: T): Exclude<T, Refusal | Malformed | OpaqueToken> {
  if (verdict(answer) !== 'passed') throw new Error(`refused: ${verdict(answer)}`);
  return answer as Exclude<T, Refusal | Malformed | OpaqueToken>;
}
