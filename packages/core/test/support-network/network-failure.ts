import { NetworkError } from '../../src/model/ports.js';

/** Fetch terms for documents on loopback. */
export const loopbackTerms = { plainHttp: 'loopback', hosts: undefined, addresses: 'any' } as const;

/** The NetworkError that `work` rejects with. Any other outcome fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<NetworkError> {
  const failure = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof NetworkError) return failure;
  throw new Error('rejected with no NetworkError', { cause: failure });
}
