import { availableParallelism } from 'node:os';
import { Stryker } from '@stryker-mutator/core';

/**
 * Mutates one folder of packages/core/src with Stryker's default mutators, and runs the tests of
 * the folder on each mutant. Stryker works on a copy of the project in `.stryker-tmp`.
 *
 * @param {string} folder a folder of packages/core/src
 * @param {readonly string[]} files the files to mutate, from the root
 */
export async function mutateFolder(folder, files) {
  // Read by vitest.mutation.config.ts, in the processes that Stryker starts.
  process.env.MUTATED_FOLDER = folder;
  const stryker = new Stryker({
    testRunner: 'vitest-with-loading',
    plugins: ['@stryker-mutator/vitest-runner', './loading-test-runner.mjs'].map((name) => import.meta.resolve(name)),
    vitest: { configFile: 'test/mutation/vitest.mutation.config.ts', related: false },
    mutate: [...files],
    coverageAnalysis: 'perTest',
    // Tables are at the top of modules; a mutant there needs all tests of the folder, which are
    // few.
    ignoreStatic: false,
    concurrency: Math.max(2, availableParallelism() - 1),
    // A timeout counts as detected. Stryker's default of 5 s is too short for a busy machine.
    timeoutMS: 10_000,
    // examples/ is copied too, since the references of the root's tsconfig name its tsconfig files.
    // Without them every test fails to load, and Stryker reports that it found no tests.
    ignorePatterns: ['**/dist/**', 'reports/**'],
    tempDirName: '.stryker-tmp',
    // Stryker would rewrite tsconfig.json with TypeScript's JS API, which version 7 lacks; no such
    // file exists.
    tsconfigFile: 'no-tsconfig-for-stryker.json',
    disableTypeChecks: false,
    reporters: ['progress-append-only', 'html'],
    htmlReporter: { fileName: `reports/mutation/${folder}.html` },
    allowConsoleColors: false,
    warnings: { slow: false },
    logLevel: 'warn',
  });
  return stryker.runMutationTest();
}
