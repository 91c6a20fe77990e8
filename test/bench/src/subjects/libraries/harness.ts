import { algorithms } from '../world.js';
import type { Library } from './library.js';

/** A resolved promise: the overhead of the measurement, contained in every asynchronous figure. */
export const harness: Library = {
  name: 'nothing',
  packages: [],
  readme: 'the overhead of the measurement',
  algorithms,
  isLimit: true,
  configuration: () => ({}),
  open: async () => ({ prepare: () => () => Promise.resolve(true), accepts: (outcome) => outcome === true }),
};
