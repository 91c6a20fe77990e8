import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Removes the jitter from the refresh time of key sets, and uses the shortest back-off, in every
 * test of the file.
 */
export function withoutJitter(): void {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}
