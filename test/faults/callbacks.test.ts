import type { StandardSchema } from '@resource-server/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutJitter } from '../../packages/core/test/support-network/without-jitter.js';
import type { WireResponse } from '../suite/harness.js';
import { type FaultArena, openFaultArena } from './arena.js';
import { withToken } from './client.js';
import { harnesses } from './harnesses.js';
import { expectInvariant } from './invariant.js';
import { watchProcess } from './unhandled.js';

watchProcess();
withoutJitter();

const secret = 's3cret';
const causes = [new Error(secret), secret, undefined, null, { message: secret }];
/**
 * All failures: synchronous or asynchronous, with an Error or another value, or without a result.
 */
const failures: readonly (() => unknown)[] = [
  ...causes.flatMap((cause) => [
    () => {
      throw cause;
    },
    () => Promise.reject(cause),
  ]),
  () => undefined,
  () => Promise.resolve(null),
];

for (const harness of harnesses) {
  describe(`${harness.name}: a callback of the application that fails`, () => {
    let arena: FaultArena;
    let validate: (value: unknown) => unknown;

    beforeEach(async () => {
      validate = (value) => ({ value });
      const claims: StandardSchema<never> = {
        '~standard': { version: 1, vendor: 'test', validate: (value) => validate(value) as never },
      };
      arena = await openFaultArena(harness, () => ({ options: { claims } }));
    });

    afterEach(() => arena.close());

    /**
     * The status for a valid token, and whether it is the generic 500 without a call of a handler.
     */
    async function sendTo(target: string): Promise<{ readonly status: number; readonly isGeneric: boolean }> {
      const before = arena.running.handled();
      const answered = await arena.running.send(withToken(await arena.good(), target));
      const isGeneric = isInternalError(answered) && arena.running.handled() === before;
      return { status: answered.status, isGeneric };
    }

    it.for(['cached', 'cold'] as const)(
      'a claims schema that throws, rejects or returns no result gives a generic 500 without a handler call: keys %s (D-09)',
      async (column, { task }) => {
        if (column === 'cached') expect((await arena.sendGood()).status).toBe(200);
        const answers: Awaited<ReturnType<typeof sendTo>>[] = [];
        for (const failure of failures) {
          validate = failure;
          answers.push(await sendTo('/any'));
        }
        validate = (value) => ({ value });
        const recovered = (await arena.sendGood()).status;
        const seen = `${failures.length} ways: ${describeAll(answers)}, then ${recovered}`;
        task.meta.fault = { fault: 'the claims schema fails', column, harness: harness.name, seen };
        expect(answers).toEqual(failures.map(() => ({ status: 500, isGeneric: true })));
        expect(recovered).toBe(200);
        expectInvariant(arena);
      },
    );

    it.for(['cached', 'cold'] as const)(
      'a policy condition that throws or rejects gives a generic 500 without a handler call: keys %s (D-09)',
      async (column, { task }) => {
        if (column === 'cached') expect((await arena.sendGood()).status).toBe(200);
        const answers = [await sendTo('/fails'), await sendTo('/fails-with-nothing')];
        const recovered = (await arena.sendGood()).status;
        const seen = `${answers.length} ways: ${describeAll(answers)}, then ${recovered}`;
        task.meta.fault = { fault: 'a condition of a policy fails', column, harness: harness.name, seen };
        expect(answers).toEqual(answers.map(() => ({ status: 500, isGeneric: true })));
        expect(recovered).toBe(200);
        expectInvariant(arena);
      },
    );
  });
}

/** The fixed text of all internal errors, with no-store, and without anything that was thrown. */
function isInternalError({ headers, body }: WireResponse): boolean {
  const { detail } = JSON.parse(body) as { detail: unknown };
  const names = headers.map(([name]) => name);
  const leaks = JSON.stringify([headers, body]).includes(secret);
  return (
    detail === 'Internal error' && names.includes('cache-control') && !names.includes('www-authenticate') && !leaks
  );
}

function describeAll(answers: readonly { readonly status: number; readonly isGeneric: boolean }[]): string {
  const texts = answers.map(
    ({ status, isGeneric }) => `${status} ${isGeneric ? 'generic, no handler' : 'NOT GENERIC'}`,
  );
  return [...new Set(texts)].join(' / ');
}
