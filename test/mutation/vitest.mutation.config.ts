import { defineConfig } from 'vitest/config';

// A room's mutants meet the room's own tests: what only a test of the whole house would notice is no law of the room.
export default defineConfig({
  test: {
    include: [`packages/core/test/${process.env['MUTATED_ROOM']}/**/*.test.ts`],
  },
});
