import { memberOf } from '../objects/members.js';

const word = /^\w{1,64}$/;

/**
 * What kind of failure `failure` is, in one word: its code, the code of what caused it, or its name. Never its message, which
 * may quote what the other side sent, and nothing that could write a line of a log.
 */
export function failureName(failure: unknown): string {
  try {
    const [code, cause, name] = ['code', 'cause', 'name'].map((member) => memberOf(Object(failure), member));
    const words = [code, memberOf(Object(cause), 'code'), name];
    return words.find((text): text is string => typeof text === 'string' && word.test(text)) ?? 'failed';
  } catch {
    // A getter of somebody else's.
    return 'failed';
  }
}
