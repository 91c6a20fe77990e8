import { defineConfig } from 'vitest/config';

// The mutants of a folder run against the tests of that folder only: it must be tested by its own
// tests.
export default defineConfig({
  test: {
    include: [`packages/core/test/${process.env['MUTATED_FOLDER']}/**/*.test.ts`],
  },
});
