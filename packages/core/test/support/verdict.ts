import { Malformed } from '../../src/jws/malformed.js';
import { Refusal } from '../../src/model/refusal.js';

/** A room's answer in one word: the code of its refusal, `malformed`, or `passed`. */
export function verdict(answer: unknown): string {
  if (answer instanceof Refusal) return answer.code;
  return answer instanceof Malformed ? 'malformed' : 'passed';
}

/** A room's answer that must be a refusal. */
export function refusalIn(answer: unknown): Refusal {
  if (answer instanceof Refusal) return answer;
  throw new Error('nothing was refused');
}

/** A room's answer that must be neither a refusal nor malformed. */
export function passed<T>(answer: T): Exclude<T, Refusal | Malformed> {
  if (answer instanceof Refusal || answer instanceof Malformed) throw new Error(`refused: ${verdict(answer)}`);
  return answer as Exclude<T, Refusal | Malformed>;
}
