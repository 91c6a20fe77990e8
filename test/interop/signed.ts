import { afterAll, beforeAll, describe } from 'vitest';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { type Client, discoverClient } from './client.js';
import { algorithms, mintKeys } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

/** A client whose tokens are signed with one algorithm, and an application behind one harness. */
export interface Fixture {
  readonly client: Client;
  readonly application: Application;
}

/**
 * The same tests for every algorithm through every harness, with one provider for all of them.
 *
 * @param title a title with a placeholder for the algorithm
 * @param tests receives a function that returns the fixture while a test runs
 */
export function describeSigned(title: string, tests: (fixture: () => Fixture) => void): void {
  let provider: RunningProvider;

  beforeAll(async () => {
    provider = await startProvider(await mintKeys());
  });

  afterAll(() => provider.stop());

  for (const harness of harnesses) {
    describe(harness.name, () => {
      let application: Application;

      beforeAll(async () => {
        application = await openApplication(harness, provider.issuer);
      });

      afterAll(() => application.close());

      describe.each(algorithms)(title, (alg) => {
        let client: Client;

        beforeAll(async () => {
          client = await discoverClient(provider.issuer, alg);
        });

        tests(() => ({ client, application }));
      });
    });
  }
}
