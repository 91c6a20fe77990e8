import { distinctTokens } from './distinct-tokens.js';
import { floodStudy } from './floods.js';
import { inFlight } from './in-flight.js';
import { issuers } from './issuers.js';
import { keys } from './keys.js';
import { scopes } from './scopes.js';
import type { Study } from './study.js';
import { tokenSize } from './token-size.js';

/** All studies, in the order of the report. */
export const studies: readonly Study[] = [issuers, keys, scopes, tokenSize, inFlight, distinctTokens, floodStudy];
