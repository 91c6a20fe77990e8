import { algorithms } from './world.js';

/** True when a subject is selected: at all, or with this algorithm. */
export type Filter = (subject: string, alg?: string) => boolean;

/**
 * Parses `--only`: `jose`, `/ES256` or `jose/ES256`, several of them separated by commas.
 *
 * @param names all subjects
 * @throws Error when no subject matches
 */
export function onlyFilter(text: string | undefined, names: readonly string[]): Filter {
  if (text === undefined) return () => true;
  const wanted = text.split(',').map(parseTerm);
  const filter: Filter = (subject, alg) =>
    wanted.some((one) => {
      const isAlg = alg === undefined || one.alg === undefined || one.alg === alg;
      return isAlg && (one.subject === '' || one.subject === subject);
    });
  if (!names.some((name) => filter(name)))
    throw new Error(`--only ${text} matches no subject; the subjects are ${names.join(', ')}`);
  return filter;
}

/** Package names contain slashes too: only an algorithm after the last slash is read as one. */
function parseTerm(term: string): { readonly subject: string; readonly alg: string | undefined } {
  const slash = term.lastIndexOf('/');
  const alg = algorithms.find((one) => one === term.slice(slash + 1));
  return slash < 0 || alg === undefined ? { subject: term, alg: undefined } : { subject: term.slice(0, slash), alg };
}
