import { algorithms } from '../world.js';
import type { Library } from './library.js';

/** A promise that is kept already: what the measuring itself costs, contained in every asynchronous figure. */
export const harness: Library = {
  name: 'nothing',
  packages: [],
  readme: 'what the measuring itself costs',
  algorithms,
  isLimit: true,
  configuration: () => ({}),
  open: async () => ({ prepare: () => () => Promise.resolve(true), admits: (outcome) => outcome === true }),
};
