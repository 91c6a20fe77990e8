import { availableParallelism } from 'node:os';
import { Stryker } from '@stryker-mutator/core';

/**
 * Changes one room of packages/core/src in every way that Stryker's default mutators know, and runs the room's tests
 * on each change. Stryker works on a copy of the project in `.stryker-tmp`.
 *
 * @param {string} room a folder of packages/core/src
 * @param {readonly string[]} files the files to change, from the root
 */
export async function mutateRoom(room, files) {
  // Read by vitest.mutation.config.ts, in the processes that Stryker starts.
  process.env.MUTATED_ROOM = room;
  const stryker = new Stryker({
    testRunner: 'vitest-with-loading',
    plugins: ['@stryker-mutator/vitest-runner', './loading-test-runner.mjs'].map((name) => import.meta.resolve(name)),
    vitest: { configFile: 'test/mutation/vitest.mutation.config.ts', related: false },
    mutate: [...files],
    coverageAnalysis: 'perTest',
    // Tables stand at the top of modules; a mutant there takes all tests of the room, which are few.
    ignoreStatic: false,
    concurrency: Math.max(2, availableParallelism() - 1),
    // What takes longer counts as noticed. Five seconds, Stryker's own, are over too soon on a busy machine.
    timeoutMS: 10_000,
    // examples/ has to be copied too: without the tsconfig files that the root's names, every test fails to load,
    // and Stryker says that it found none.
    ignorePatterns: ['**/dist/**', 'reports/**'],
    tempDirName: '.stryker-tmp',
    // Stryker would rewrite tsconfig.json with TypeScript's JS API, which version 7 lacks: this file is not there.
    tsconfigFile: 'no-tsconfig-for-stryker.json',
    disableTypeChecks: false,
    reporters: ['progress-append-only', 'html'],
    htmlReporter: { fileName: `reports/mutation/${room}.html` },
    allowConsoleColors: false,
    warnings: { slow: false },
    logLevel: 'warn',
  });
  return stryker.runMutationTest();
}
