import { afterEach, beforeEach, vi } from 'vitest';

/** No jitter on the time of a set, and the shortest back-off, in every test of the file. */
export function withoutJitter(): void {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}
