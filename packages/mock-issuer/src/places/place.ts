import type { Route } from '../http/routes.js';

/** A path, and what is served there. */
export type Place = readonly [path: string, route: Route];
