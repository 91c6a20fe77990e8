import type { Harness } from '../harness.js';
import { coreHarness } from './core.js';
import { express4Harness, express5Harness } from './express.js';

/** Every way in which the suite is run. */
export const harnesses: readonly Harness[] = [coreHarness, express4Harness, express5Harness];
