import { strykerPlugins as plugins } from '@stryker-mutator/vitest-runner';

const [{ kind, factory }] = plugins;

/**
 * Stryker's runner for vitest ignores test files that fail to load: a mutant that breaks the
 * loading of a module would survive. Here such a mutant is killed. When a file fails to load in the
 * first run, that run fails with its error.
 */
function createRunner(injector) {
  const runner = injector.injectFunction(factory);
  const { dryRun, mutantRun } = runner;
  const failureToLoad = () =>
    runner.ctx.state.getFiles().find(({ result, tasks }) => result?.state === 'fail' && tasks.length === 0)?.result
      .errors?.[0]?.message;
  runner.dryRun = async (options) => {
    const result = await dryRun.call(runner, options);
    const errorMessage = failureToLoad();
    return errorMessage === undefined ? result : { status: 'error', errorMessage };
  };
  runner.mutantRun = async (options) => {
    const result = await mutantRun.call(runner, options);
    const failureMessage = result.status === 'survived' ? failureToLoad() : undefined;
    return failureMessage === undefined ? result : { ...result, status: 'killed', killedBy: [], failureMessage };
  };
  return runner;
}
createRunner.inject = ['$injector'];

export const strykerPlugins = [{ kind, name: 'vitest-with-loading', factory: createRunner }];
