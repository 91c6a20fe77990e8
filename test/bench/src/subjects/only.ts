import { algorithms } from './world.js';

/** Whether a subject is wanted: at all, or with that algorithm. */
export type Filter = (subject: string, alg?: string) => boolean;

/**
 * What `--only` means: `jose`, `/ES256`, `jose/ES256`, and several of them with commas between.
 *
 * @param names all that there are
 * @throws Error when none of them is meant
 */
export function onlyFilter(text: string | undefined, names: readonly string[]): Filter {
  if (text === undefined) return () => true;
  const wanted = text.split(',').map(parseWish);
  const filter: Filter = (subject, alg) =>
    wanted.some((one) => {
      const isAlg = alg === undefined || one.alg === undefined || one.alg === alg;
      return isAlg && (one.subject === '' || one.subject === subject);
    });
  if (!names.some((name) => filter(name))) throw new Error(`--only ${text}: there are ${names.join(', ')}`);
  return filter;
}

/** Names of packages have slashes too: only what is an algorithm behind the last one counts as one. */
function parseWish(wish: string): { readonly subject: string; readonly alg: string | undefined } {
  const slash = wish.lastIndexOf('/');
  const alg = algorithms.find((one) => one === wish.slice(slash + 1));
  return slash < 0 || alg === undefined ? { subject: wish, alg: undefined } : { subject: wish.slice(0, slash), alg };
}
