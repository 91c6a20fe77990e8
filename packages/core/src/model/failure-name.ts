import { memberOf } from '../objects/members.js';

const word = /^\w{1,64}$/;

/**
 * Names the kind of a failure in one word: its code, the code of its cause, or its name. The
 * message is not used: it may quote what the remote server sent. The word cannot forge a log line.
 */
export function failureName(failure: unknown): string {
  try {
    const [code, cause, name] = ['code', 'cause', 'name'].map((member) => memberOf(Object(failure), member));
    const words = [code, memberOf(Object(cause), 'code'), name];
    return words.find((text): text is string => typeof text === 'string' && word.test(text)) ?? 'failed';
  } catch {
    // `failure` is a foreign value: one of its getters may throw.
    return 'failed';
  }
}
